using System.Text;
using LambdaStreamRunner.Host.Measuring;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>Payloads for records of a traffic: real samples in turn, or JSON of the traffic's sizes when there are none.</summary>
internal sealed class Payloads(SampleRecords samples)
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _made = [];
    private int _next;

    /// <summary>The next one.</summary>
    /// <param name="length">Its length, when samples were generated.</param>
    public ReadOnlyMemory<byte> Next(int length)
    {
        if (!samples.AreGenerated)
            return samples.Records[_next++ % samples.Records.Length].Data;
        if (!_made.TryGetValue(length, out ReadOnlyMemory<byte> payload))
            _made.Add(length, payload = Make(length));
        return payload;
    }

    // What has no room for JSON is a number as long.
    private static byte[] Make(int length)
    {
        const string before = "{\"filler\":\"";
        int filler = length - before.Length - 2;
        return Encoding.ASCII.GetBytes(filler < 0 ? new string('1', length) : before + new string('a', filler) + "\"}");
    }
}
