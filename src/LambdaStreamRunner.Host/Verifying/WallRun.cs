using System.Collections.Concurrent;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Replaying;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;
using LambdaStreamRunner.StreamServer;
using Microsoft.Extensions.Logging.Abstractions;

namespace LambdaStreamRunner.Host.Verifying;

/// <summary>The real runner with the real function in real time: the records of a slice are put when their time has come, whatever the function does.</summary>
/// <remarks>The function is the one that was measured, warm; the runner calls it through a delegate. Streams are in memory, and no port is opened.</remarks>
/// <param name="function">The function.</param>
/// <param name="setting">The setting.</param>
/// <param name="slice">The records.</param>
/// <param name="reservedConcurrency">Most invocations at the same time; null: the account's.</param>
/// <param name="drain">From the last record to its settlement, as predicted; what takes a minute longer was not kept up with.</param>
internal sealed class WallRun(IMeasuredFunction function, TunedSetting setting, TrafficSlice slice, int? reservedConcurrency, TimeSpan drain)
{
    private const string Stream = "verified";

    /// <summary>How much later than predicted settlements may come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>From the start of the mapping to the first record: polls of once a second then stand as in the simulation, which begins with one.</summary>
    public static readonly TimeSpan Phase = TimeSpan.FromSeconds(1);

    private readonly ConcurrentBag<MeasuredCall> _lanes = [];
    private readonly Dictionary<SequenceNumber, DateTimeOffset> _arrivals = [];

    /// <summary>Runs it to the end.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted; the runner has been stopped.</exception>
    /// <exception cref="IOException">Its journal, in the folder of temporary files, could not be written completely.</exception>
    public async Task<ObservedRun> RunAsync(CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lambda-stream-verify-");
        try
        {
            string journal = Path.Combine(folder.FullName, "run.journal");
            await RunAsync(journal, cancellation);
            History history = await HistoryFile.ReadAsync(journal, cancellation);
            return ObservedRun.Of(history.Mappings.SelectMany(mapping => mapping.Steps), _arrivals);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task RunAsync(string journal, CancellationToken cancellation)
    {
        var options = new StreamRunnerOptions { JournalFile = journal, FunctionListener = FunctionListener.Silent };
        options.AddStream(Stream, setting.Shards)
            .AddFunction(function.Name, CallAsync, function.Timeout, reservedConcurrency)
            .AddMapping(Stream, function.Name, mapping => setting.Mapping with
            {
                EventSourceArn = mapping.EventSourceArn,
                FunctionName = mapping.FunctionName,
                StartingPosition = StartingPosition.TrimHorizon,
            });
        await using var runner = new StreamRunner(options, TimeProvider.System, NullLoggerFactory.Instance);
        await runner.StartAsync(cancellation);
        long started = TimeProvider.System.GetTimestamp();
        await Task.Run(() => FeedAsync(runner, started, cancellation), cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(drain + Patience);
        await runner.WaitUntilDrainedAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellation.ThrowIfCancellationRequested();
        await runner.StopAsync(cancellation);
        if (runner.JournalProblem is { } incomplete)
            throw new IOException(incomplete);                // what it lacks would look like nothing happened
    }

    private async Task FeedAsync(StreamRunner runner, long started, CancellationToken cancellation)
    {
        EmbeddedStream stream = runner.Streams.Get(Stream);
        foreach ((int index, Arrival arrival) in slice.Arrivals.Index())
        {
            TimeSpan early = Phase + arrival.Time - TimeProvider.System.GetElapsedTime(started);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, TimeProvider.System, cancellation);
            DateTimeOffset now = runner.Clock.GetUtcNow();
            _arrivals.Add(stream.Put(slice.Keys[index], slice.Payloads[index]).SequenceNumber, now);
        }
    }

    private async Task<Stream> CallAsync(Stream input)
    {
        byte[] eventJson = ((MemoryStream)input).ToArray();
        if (!_lanes.TryTake(out MeasuredCall? lane))
            lane = function.OpenLane();
        FunctionResult result = await lane(eventJson, CancellationToken.None);
        _lanes.Add(lane);
        return result switch
        {
            FunctionResult.Succeeded answered => new MemoryStream(answered.Answer.ToArray(), writable: false),
            FunctionResult.Failed failed => throw new InvalidOperationException(failed.Error.ToString()),
            FunctionResult.TimedOut late => throw new TimeoutException(late.Message),
            FunctionResult.Refused refused => throw new InvalidOperationException(refused.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
