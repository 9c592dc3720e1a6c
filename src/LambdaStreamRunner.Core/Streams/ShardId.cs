using System.Globalization;

namespace LambdaStreamRunner.Core.Streams;

/// <summary>Names of shards: <c>shardId-</c> and twelve digits.</summary>
public static class ShardId
{
    /// <summary>The name of the shard with this index.</summary>
    public static string Format(int index) => string.Create(CultureInfo.InvariantCulture, $"shardId-{index:D12}");

    /// <summary>Finds the index as tolerantly as Kinesis: <c>shardId-5</c>, <c>foo-5</c>, <c>-00005</c> and <c>5</c> are all shard 5.</summary>
    /// <returns>False when the piece between the first and second dash (or all, without a dash) is no number from 0 to 2147483647.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out int index)
    {
        int dash = text.IndexOf('-');
        if (dash >= 0)
        {
            text = text[(dash + 1)..];
            int second = text.IndexOf('-');
            text = second < 0 ? text : text[..second];
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
