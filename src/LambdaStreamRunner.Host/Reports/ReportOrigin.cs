namespace LambdaStreamRunner.Host.Reports;

/// <summary>Where a report comes from: what somebody needs to make it again, and whose mapping it is about.</summary>
/// <param name="CommandLine">The command as it was typed, such as <c>lambda-stream tune --trace access.csv --shards 2</c>.</param>
/// <param name="Stream">Short name of the stream, for the snippets.</param>
/// <param name="Function">Name of the function, for the snippets.</param>
/// <param name="MadeAt">When it was made.</param>
internal sealed record ReportOrigin(string CommandLine, string Stream, string Function, DateTimeOffset MadeAt);
