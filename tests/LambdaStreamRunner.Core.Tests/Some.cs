using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests;

/// <summary>Test data.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch.AddSeconds(1_767_225_600);

    /// <summary>The number of the n-th record of a shard.</summary>
    public static SequenceNumber Number(int n) => SequenceNumber.Create(Time.ToUnixTimeSeconds(), 0, (ulong)n, Time.ToUnixTimeSeconds());

    /// <summary>The n-th record of a shard.</summary>
    public static StreamRecord Record(int n, string key = "key", int bytes = 0) => StreamRecord.Create(key, new byte[bytes], Number(n), Time);

    /// <summary>Which of a shard's records this is.</summary>
    public static int Label(StreamRecord record) => (int)record.SequenceNumber.Index;

    /// <summary>Which of a shard's records these are.</summary>
    public static int[] Labels(ReadOnlySpan<StreamRecord> records)
    {
        int[] labels = new int[records.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = Label(records[i]);
        return labels;
    }
}
