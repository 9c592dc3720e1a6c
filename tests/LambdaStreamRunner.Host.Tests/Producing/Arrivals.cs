using System.Globalization;
using System.Text;
using LambdaStreamRunner.Aggregation;

namespace LambdaStreamRunner.Host.Tests.Producing;

/// <summary>Numbered records per key, and what became of them on the way to a stream.</summary>
internal static class Arrivals
{
    public static byte[] Payload(int number, int bytes = 0) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(bytes));

    public static int NumberIn(ReadOnlyMemory<byte> data) => int.Parse(Encoding.ASCII.GetString(data.Span), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    /// <summary>The numbers of each key in the order of the stream, aggregated records opened.</summary>
    public static Dictionary<string, List<int>> NumbersByKey(IEnumerable<(string PartitionKey, ReadOnlyMemory<byte> Data)> stream)
    {
        Dictionary<string, List<int>> numbers = [];
        foreach (UserRecord record in stream.SelectMany(stored => AggregatedRecord.Open(stored.PartitionKey, stored.Data)))
        {
            if (!numbers.TryGetValue(record.PartitionKey, out List<int>? ofKey))
                numbers.Add(record.PartitionKey, ofKey = []);
            ofKey.Add(NumberIn(record.Data));
        }
        return numbers;
    }

    public static Dictionary<string, List<int>> NumbersByKey(this ScriptedKinesis kinesis) =>
        NumbersByKey(kinesis.Stored.Select(stored => (stored.PartitionKey, (ReadOnlyMemory<byte>)stored.Data)));
}
