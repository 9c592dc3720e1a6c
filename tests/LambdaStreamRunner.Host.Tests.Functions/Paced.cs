using System.Security.Cryptography;
using System.Text.Json;

namespace OddFunctions;

/// <summary>Handlers whose time is known: a fixed part and a part per record, spent in three different ways.</summary>
public class Paced
{
    /// <summary>Hashes that take a few milliseconds on any machine of today.</summary>
    private const int HashesPerBatch = 4_000;
    private const int HashesPerRecord = 300;

    private static readonly SemaphoreSlim TheOnlyConnection = new(1);

    /// <summary>Works all the time.</summary>
    public void Compute(Stream input)
    {
        int hashes = HashesPerBatch + (HashesPerRecord * RecordsOf(input));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        hash.Clear();
        for (int i = 0; i < hashes; i++)
            SHA256.HashData(hash, hash);
    }

    /// <summary>Waits for somebody else all the time: 20 ms, and 1 ms for each record.</summary>
    public async Task Sleep(Stream input) => await Task.Delay(TimeSpan.FromMilliseconds(20 + RecordsOf(input)), TimeProvider.System);

    /// <summary>Waits for something that only one can have: 5 ms, and 0.5 ms for each record.</summary>
    public async Task Contend(Stream input)
    {
        int records = RecordsOf(input);
        await TheOnlyConnection.WaitAsync();
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5 + (0.5 * records)), TimeProvider.System);
        }
        finally
        {
            TheOnlyConnection.Release();
        }
    }

    /// <summary>Fails at every record whose data begins with "bad".</summary>
    public void FailAtBad(Stream input)
    {
        using JsonDocument kinesisEvent = JsonDocument.Parse(input);
        foreach (JsonElement record in kinesisEvent.RootElement.GetProperty("Records").EnumerateArray())
        {
            if (record.GetProperty("kinesis").GetProperty("data").GetBytesFromBase64().AsSpan().StartsWith("bad"u8))
                throw new FormatException("This one is bad.");
        }
    }

    public void AlwaysFail(Stream _) => throw new InvalidOperationException("The table does not exist.");

    private static int RecordsOf(Stream input)
    {
        using JsonDocument kinesisEvent = JsonDocument.Parse(input);
        return kinesisEvent.RootElement.GetProperty("Records").GetArrayLength();
    }
}
