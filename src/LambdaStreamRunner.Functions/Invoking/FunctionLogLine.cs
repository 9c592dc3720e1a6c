namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>One line that a handler wrote through its context's logger.</summary>
/// <param name="FunctionName">Who wrote it.</param>
/// <param name="RequestId">In which invocation.</param>
/// <param name="Level">Trace, Debug, Information, Warning, Error, Critical, or whatever level the handler named; Information by default.</param>
/// <param name="Text">The message with its arguments filled in; an exception follows on lines of its own.</param>
public sealed record FunctionLogLine(string FunctionName, string RequestId, string Level, string Text)
{
    /// <summary>True when the text is a JSON object that tells its level itself, and what else there is to know.</summary>
    /// <value>false by default.</value>
    public bool IsJson { get; init; }
}
