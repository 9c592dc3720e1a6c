using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Runner.Journals;

/// <summary>Something to write, with copies of what its owner may change meanwhile.</summary>
/// <param name="Mapping">The mapping's place in the file.</param>
/// <param name="Weight">About how many bytes wait with it.</param>
internal abstract record JournalEntry(int Mapping, long Weight)
{
    /// <summary>What an entry takes besides records.</summary>
    private const int OwnWeight = 500;

    /// <summary>A mapping, before its first step or changed.</summary>
    public sealed record Settings(int Mapping, HistoryMapping Content) : JournalEntry(Mapping, OwnWeight);

    /// <summary>A step.</summary>
    public sealed record Step(int Mapping, HistoryStep Content, int Records) : JournalEntry(Mapping, OwnWeight + (Records * (long)RecordWeight));

    /// <summary>Records that were read for the first time: a step each, which the writer makes.</summary>
    public sealed record Arrivals(int Mapping, DateTimeOffset Time, string ShardId, StreamRecord[] Records) : JournalEntry(Mapping, WeightOf(Records));

    /// <summary>A record's place in a list.</summary>
    private const int RecordWeight = 80;

    // Their payloads stay in memory as long as they wait here, also when the stream has let go of them.
    private static long WeightOf(StreamRecord[] records)
    {
        long weight = OwnWeight;
        foreach (ref readonly StreamRecord record in records.AsSpan())
            weight += RecordWeight + record.RawLength;
        return weight;
    }
}
