using System.Text;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <summary>A function that does what a test says, where the test is about the mapping and not about a handler.</summary>
internal sealed class FunctionScript
{
    private readonly HashSet<string> _throwing = [];
    private readonly HashSet<string> _reported = [];
    private TimeSpan _takes;

    /// <summary>Throws whenever a batch has one of these records.</summary>
    public void Throw(IEnumerable<string> labels) => _throwing.UnionWith(labels);

    /// <summary>Reports these records as failed, once, each in the first batch that has it.</summary>
    public void Report(IEnumerable<string> labels) => _reported.UnionWith(labels);

    /// <summary>Takes this long.</summary>
    public void Take(TimeSpan time) => _takes = time;

    /// <summary>The handler.</summary>
    public async Task<Stream> HandleAsync(Stream kinesisEvent)
    {
        InvocationScope scope = InvocationScope.Current!;
        (string Label, string Number)[] records =
            [.. scope.Invocation.Started.Records.ToArray().Select(record => (scope.World.RecordOf(record.SequenceNumber).Label, record.SequenceNumber.ToString()))];
        if (_takes > TimeSpan.Zero)
            await Task.Delay(_takes, scope.World.Time);
        if (Array.Find(records, record => _throwing.Contains(record.Label)) is { Label: { } poison })
            throw new InvalidOperationException($"The test lets the function throw at {poison}.");
        IEnumerable<string> failures = records.Where(record => _reported.Remove(record.Label)).Select(record => $$"""{"itemIdentifier":"{{record.Number}}"}""");
        return new MemoryStream(Encoding.UTF8.GetBytes($$"""{"batchItemFailures":[{{string.Join(',', failures)}}]}"""));
    }
}
