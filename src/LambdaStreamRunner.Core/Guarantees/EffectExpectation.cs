using System.Text;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>What a handler must have changed outside itself for one record.</summary>
/// <param name="Key">What was changed. Order is promised among the records of one partition key that change the same.</param>
/// <param name="Value">The change, as text.</param>
public readonly record struct EffectExpectation(string Key, string Value)
{
    /// <summary>The partition key, and the payload as UTF-8 text.</summary>
    public static EffectExpectation? KeyAndText(StreamRecord record) =>
        new EffectExpectation(record.PartitionKey, Encoding.UTF8.GetString(record.Data.Span));
}
