using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OddFunctions;

/// <summary>Handlers that are slow, noisy, or never right; each takes the event as it comes.</summary>
public class Handlers
{
    private static readonly TaskCompletionSource Never = new();
    private static readonly Lazy<FileStream> Deliveries = new(() => new FileStream(
        Environment.GetEnvironmentVariable("DELIVERIES_FILE")!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

    private static readonly ConcurrentDictionary<string, bool> Stumbled = new();
    private static int _begun;
    private static int _ended;

    public void Succeed(Stream _)
    {
    }

    /// <summary>Takes SLOW_MILLISECONDS for a batch, says when the first one begins, and at the end how many there were.</summary>
    public async Task Slow(Stream _)
    {
        Begin();
        int milliseconds = int.Parse(Environment.GetEnvironmentVariable("SLOW_MILLISECONDS") ?? "20", CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        Interlocked.Increment(ref _ended);
    }

    /// <summary>Never ends.</summary>
    public async Task Hang(Stream _)
    {
        Begin();
        await Never.Task;
    }

    public void Print(Stream _)
    {
        Console.WriteLine("{ \"this is\": \"not the summary\"");
        Console.Out.Write("half a line");
        Console.Error.WriteLine("an error line");
    }

    public void ThrowOnPoison(Stream input)
    {
        using JsonDocument kinesisEvent = JsonDocument.Parse(input);
        foreach (JsonElement record in kinesisEvent.RootElement.GetProperty("Records").EnumerateArray())
        {
            if (record.GetProperty("kinesis").GetProperty("partitionKey").GetString() == "poison")
                throw new InvalidOperationException("That key again.");
        }
    }

    /// <summary>Throws, and so does the next line on the error output: that line comes from the runner.</summary>
    public void BreakTheLog(Stream _)
    {
        Console.SetError(new BrokenOnce(Console.Error));
        throw new InvalidOperationException("Log me.");
    }

    /// <summary>Writes the number of every record into SEEN_FILE, a line each, and only then returns: after a while, so that something is always under way.</summary>
    public async Task Remember(Stream input)
    {
        using JsonDocument kinesisEvent = await JsonDocument.ParseAsync(input);
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        string lines = string.Concat(kinesisEvent.RootElement.GetProperty("Records").EnumerateArray()
            .Select(record => record.GetProperty("kinesis").GetProperty("sequenceNumber").GetString() + "\n"));
        lock (Never)                                          // lanes of all shards write one file
            File.AppendAllText(Environment.GetEnvironmentVariable("SEEN_FILE")!, lines);
    }

    /// <summary>
    /// Writes every record into DELIVERIES_FILE when it comes (<c>d eventID</c>) and when it is done (<c>s eventID</c>), and
    /// fails at those whose data ends with "once" the first time, and with "always" each time.
    /// </summary>
    public void Stumble(Stream input)
    {
        using JsonDocument kinesisEvent = JsonDocument.Parse(input);
        string[] ids = [.. kinesisEvent.RootElement.GetProperty("Records").EnumerateArray().Select(record => record.GetProperty("eventID").GetString()!)];
        Note(string.Concat(ids.Select(id => $"d {id}\n")));
        bool fails = false;
        foreach (JsonElement record in kinesisEvent.RootElement.GetProperty("Records").EnumerateArray())
        {
            byte[] data = record.GetProperty("kinesis").GetProperty("data").GetBytesFromBase64();
            fails |= data.AsSpan().EndsWith("always"u8) || (data.AsSpan().EndsWith("once"u8) && Stumbled.TryAdd(Encoding.UTF8.GetString(data), true));
        }
        if (fails)
            throw new InvalidOperationException("A record is poisonous, or was.");
        Note(string.Concat(ids.Select(id => $"s {id}\n")));
    }

    public void TakesTooMuch(Stream one, string two, string three)
    {
    }

    // Unbuffered: what is written stays, whatever becomes of the process.
    private static void Note(string lines)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(lines);
        lock (Stumbled)
            Deliveries.Value.Write(bytes);
    }

    private static void Begin()
    {
        if (Interlocked.Increment(ref _begun) > 1)
            return;
        Console.Out.WriteLine("the first batch is here");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.Error.WriteLine($"begun {_begun}, ended {_ended}");
    }
}

/// <summary>Cannot write its first line.</summary>
internal sealed class BrokenOnce(TextWriter output) : TextWriter
{
    private int _lines;

    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => output.Write(value);

    public override void WriteLine(string? value)
    {
        if (Interlocked.Increment(ref _lines) == 1)
            throw new IOException("The error output is broken.");
        output.WriteLine(value);
    }
}

/// <summary>Cannot be constructed: what its static constructor needs is not there.</summary>
public class Broken
{
    private static readonly string Setting =
        Environment.GetEnvironmentVariable("A_SETTING_THAT_NOBODY_MADE") ?? throw new InvalidOperationException("A_SETTING_THAT_NOBODY_MADE is not set.");

    public int Length { get; private set; }

    public void Handle(Stream _) => Length = Setting.Length;
}
