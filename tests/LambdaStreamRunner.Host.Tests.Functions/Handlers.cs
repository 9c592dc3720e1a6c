using System.Globalization;
using System.Text.Json;

namespace OddFunctions;

/// <summary>Handlers that are slow, noisy, or never right; each takes the event as it comes.</summary>
public class Handlers
{
    private static readonly TaskCompletionSource Never = new();

    public void Succeed(Stream _)
    {
    }

    /// <summary>Takes SLOW_MILLISECONDS for a batch, and says when the first one begins.</summary>
    public async Task Slow(Stream _)
    {
        FirstCall.Announce();
        int milliseconds = int.Parse(Environment.GetEnvironmentVariable("SLOW_MILLISECONDS") ?? "20", CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
    }

    /// <summary>Never ends.</summary>
    public async Task Hang(Stream _)
    {
        FirstCall.Announce();
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

    public void TakesTooMuch(Stream one, string two, string three)
    {
    }

    private static class FirstCall
    {
        private static int _calls;

        public static void Announce()
        {
            if (Interlocked.Increment(ref _calls) == 1)
                Console.Out.WriteLine("the first batch is here");
        }
    }
}

/// <summary>Cannot be constructed: what its static constructor needs is not there.</summary>
public class Broken
{
    private static readonly string Setting =
        Environment.GetEnvironmentVariable("A_SETTING_THAT_NOBODY_MADE") ?? throw new InvalidOperationException("A_SETTING_THAT_NOBODY_MADE is not set.");

    public string Handle(Stream _) => Setting;
}
