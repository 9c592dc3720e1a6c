using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.Runner.Polling;
using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>One run from start to summary.</summary>
internal sealed class Run(RunPlan plan, Screen screen, Interruptions interruptions)
{
    private readonly InputFeeder[] _feeders = [.. plan.Inputs.Select(_ => new InputFeeder())];
    private bool _isIncomplete;

    public async Task<int> ExecuteAsync()
    {
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new RunLog()));
        using FunctionLog log = OpenLog();
        StreamRunner? opened = TryOpen(loggers, plan.HasReports ? log.WithReports : log.Listener);
        if (opened is null)
            return ExitCodes.CouldNotRun;
        await using StreamRunner runner = opened;
        SayWhatIsContacted(plan.Configuration.Mappings);
        try
        {
            await runner.StartAsync(interruptions.Stop);
        }
        catch (ListenerException refused)
        {
            Screen.Complain($"Port {plan.Port} on {plan.Host} cannot be opened: {refused.Message} Choose another one with --port.");
            return ExitCodes.CouldNotRun;
        }
        catch (Exception refused) when (refused is FunctionLoadException or IOException or UnauthorizedAccessException or KinesisException or StorageException or ReadRefusedException)
        {
            Screen.Complain(refused.Message);
            return ExitCodes.CouldNotRun;
        }
        catch (OperationCanceledException) when (interruptions.Stop.IsCancellationRequested)
        {
            Screen.Complain("Interrupted before it had started.");
            return ExitCodes.CouldNotRun;
        }
        if (plan.WhyNeverDrained(runner.CurrentMappings) is { } never)
        {
            Screen.Complain(never);
            return ExitCodes.WrongUsage;
        }
        SayWhatRuns(runner);
        await RunAsync(runner);
        await StopAsync(runner);
        if (runner.JournalProblem is { } problem)
        {
            _isIncomplete = true;
            Screen.Complain(problem);
        }
        log.Flush();
        if (log.Problem is { } gap)
            Screen.Complain(gap);
        return Conclude(runner.Summarize());
    }

    private FunctionLog OpenLog() => plan.LogFormat is LogFormat.Json
        ? new FunctionLog(screen.Logs, new JsonLog(TimeProvider.System))
        : new FunctionLog(screen.Logs, new TextLog(), warn: Screen.Complain);

    private StreamRunner? TryOpen(ILoggerFactory loggers, FunctionListener listener)
    {
        try
        {
            return new StreamRunner(OptionsOf(plan, listener), TimeProvider.System, loggers);
        }
        catch (StorageException refused)
        {
            Screen.Complain(refused.Message);
            return null;
        }
    }

    private static StreamRunnerOptions OptionsOf(RunPlan plan, FunctionListener listener)
    {
        var options = new StreamRunnerOptions
        {
            Configuration = plan.Configuration,
            Port = plan.Port,
            Host = plan.Host,
            Certificate = plan.Tls?.Certificate,
            Speed = plan.Speed,
            Durability = plan.Durability,
            JournalFile = plan.Journal,
            Watch = plan.Watch,
            Debugging = plan.Debugging,
            BuildProgress = line => Console.Error.WriteLine(line),
            FunctionListener = listener,
        };
        foreach (string host in plan.AllowedHosts)
            options.AllowedHosts.Add(host);
        return options;
    }

    // Before it is contacted.
    private void SayWhatIsContacted(IEnumerable<MappingConfiguration> mappings)
    {
        foreach (OnFailureDestination.Remote destination in DestinationsOf(mappings))
            screen.Say($"Discarded batches leave this process: {destination} at {destination.Endpoint}");
    }

    private static IEnumerable<OnFailureDestination.Remote> DestinationsOf(IEnumerable<MappingConfiguration> mappings) =>
        mappings.Where(mapping => mapping.IsEnabled).Select(mapping => mapping.OnFailure).OfType<OnFailureDestination.Remote>().Distinct();

    private void SayWhatRuns(StreamRunner runner)
    {
        screen.Say(WhereDataLives(runner));
        screen.Say($"Kinesis endpoint: {runner.Endpoint!.AbsoluteUri.TrimEnd('/')}");
        if (plan.Tls is { } tls)
            SayHowToUse(tls, runner.Endpoint);
        if (plan.Journal is { } journal)
            SayWhereJournalIs(journal);
        foreach (StreamConfiguration stream in plan.Configuration.Streams.Where(stream => stream.IsRemote))
            screen.Say($"  {stream.Name} is read outside of this process, at {stream.Endpoint}: {stream.Arn}");
        // The data folder may know of more, and otherwise, than the configuration: what the Lambda API made in earlier runs.
        var said = DestinationsOf(plan.Configuration.Mappings).ToHashSet();
        SayWhatIsContacted(runner.CurrentMappings.Where(mapping => mapping.OnFailure is OnFailureDestination.Remote remote && !said.Contains(remote)));
        foreach (MappingConfiguration mapping in runner.CurrentMappings)
            screen.Say($"  {mapping.Name}{(mapping.IsEnabled ? "" : " (disabled)")}: {DescribeSettings(mapping.Settings)}");
        if (!System.Net.IPAddress.TryParse(plan.Host, out var address) || System.Net.IPAddress.IsLoopback(address))
            return;
        Screen.Complain($"Warning: listening on {plan.Host}, so other machines can put records and run your functions with them.");
    }

    private string WhereDataLives(StreamRunner runner) => runner.DataDirectory switch
    {
        null => "Streams and checkpoints live in memory: they are gone when this ends.",
        { } folder when plan.Durability is Durability.PowerCut => $"Streams and checkpoints are kept in {folder}; what is acknowledged survives a power cut.",
        { } folder => $"Streams and checkpoints are kept in {folder}; what is acknowledged survives kill -9, and with --fsync a power cut.",
    };

    private void SayHowToUse(TlsCertificate tls, Uri endpoint)
    {
        screen.Say($"  also with TLS: {new UriBuilder(endpoint) { Scheme = "https" }.Uri.AbsoluteUri.TrimEnd('/')}");
        if (tls.TrustFile is { } file)
            screen.Say($"  its certificate: {file} (for instance AWS_CA_BUNDLE={file}, or switch verification off)");
    }

    private static string DescribeSettings(EventSourceMapping mapping) =>
        FormattableString.Invariant($"BatchSize {mapping.BatchSize}, window {mapping.MaximumBatchingWindow.TotalSeconds:0} s, ParallelizationFactor {mapping.ParallelizationFactor}, {mapping.LanePolicy}, polling {mapping.Polling.ToString().ToLowerInvariant()}");

    private async Task RunAsync(StreamRunner runner)
    {
        using var stopProgress = new CancellationTokenSource();
        Task progress = new LiveProgress(screen.People, runner.Progress, TimeProvider.System).RunAsync(stopProgress.Token);
        try
        {
            await FeedAsync(runner);
            if (plan.UntilDrained)
                await DrainAsync(runner);
            else
                await runner.WaitForFaultAsync(interruptions.Stop);
        }
        catch (OperationCanceledException) when (interruptions.Stop.IsCancellationRequested)
        {
            _isIncomplete |= plan.UntilDrained;
        }
        catch (MappingFaultException fault)
        {
            _isIncomplete = true;
            Screen.Complain($"Stopping, by a fault of the runner: {fault.Message}");
        }
        finally
        {
            await stopProgress.CancelAsync();
            await progress;
        }
    }

    private async Task FeedAsync(StreamRunner runner)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interruptions.Stop);
        Task feeding = Task.WhenAll(plan.Inputs.Select((input, index) => FeedAsync(input, _feeders[index], runner, stop.Token)));
        Task first = await Task.WhenAny(feeding, runner.WaitForFaultAsync(stop.Token));
        await stop.CancelAsync();
        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task FeedAsync(InputConfiguration input, InputFeeder feeder, StreamRunner runner, CancellationToken stopping)
    {
        try
        {
            await using Stream lines = InputFile.Open(input.File);
            // On a thread of its own: reading a file through to the end would hold up everything that follows here.
            await Task.Run(() => feeder.FeedAsync(lines, input.PartitionKey, runner.Streams.Get(input.Stream.Name), stopping), CancellationToken.None);
        }
        catch (OperationCanceledException) when (feeder.IsCutShort)
        {
            Screen.Complain($"{input.File}: interrupted after {feeder.Put} records; the rest was not put.");
            _isIncomplete = true;
            throw;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or KinesisException)
        {
            Screen.Complain($"{input.File}: stopped after {feeder.Put} records: {broken.Message}");
            _isIncomplete = true;
        }
    }

    private async Task DrainAsync(StreamRunner runner)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interruptions.Stop);
        if (plan.DrainTimeout is { } limit)
            patience.CancelAfter(limit);
        try
        {
            await runner.WaitUntilDrainedAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!interruptions.Stop.IsCancellationRequested)
        {
            _isIncomplete = true;
            Screen.Complain($"Not drained after {plan.DrainTimeout!.Value.TotalSeconds:0.###} s. What blocks:");
            foreach ((string mapping, string problem) in runner.Problems())
                Screen.Complain($"  {mapping}: PROBLEM: {problem}");
            foreach (string blocker in await BlockersAsync(runner))
                Screen.Complain($"  {blocker}");
        }
    }

    private async Task<IEnumerable<string>> BlockersAsync(StreamRunner runner)
    {
        var statuses = await runner.GetStatusAsync(interruptions.Stop);
        return
            from mapping in statuses
            from shard in mapping.Value
            from blocker in BlockersOf(shard.Value)
            select $"{mapping.Key}, {shard.Key}{blocker}";
    }

    private static IEnumerable<string> BlockersOf(ShardStatus shard)
    {
        if (shard.Lanes.IsEmpty && shard.HeldRecords > 0)
            return [$": {Figures.Some(shard.HeldRecords, "record")} from {shard.LowestUnsettled} wait for their batching window; --speed shortens it"];
        if (shard.Lanes.IsEmpty && shard.Window is { } window)
            return [$": the tumbling window up to {window.End:O} is open; it ends with a record of a later one, or TumblingWindowGraceInSeconds after its end; --speed shortens it"];
        return shard.Lanes.Select(lane => $", lane {lane.Lane}: {Describe(lane)}");
    }

    private static string Describe(LaneStatus lane)
    {
        string what = lane.State is LaneState.Running ? "the function is running" : $"next try at {lane.NextAttempt:O}";
        string which = lane.FirstRecord is { } record ? $"record {record.SequenceNumber} (key '{record.PartitionKey}')" : "the end of a tumbling window";
        return $"{which}, {lane.Attempts} failed attempts, {what}";
    }

    private async Task StopAsync(StreamRunner runner)
    {
        if (interruptions.Stop.IsCancellationRequested)
            screen.Say("Stopping: settling what is in flight. Press Ctrl+C again to abandon it.");
        await runner.StopAsync(interruptions.Abandon);
    }

    private int Conclude(RunSummary summary)
    {
        foreach (InputFeeder feeder in _feeders)
            ReportRefused(feeder);
        if (plan.Json)
            screen.WriteDocument(summary.ToJson());
        else
            SummaryTable.Write(screen.People, summary);
        if (plan.Journal is { } journal)
            SayWhereJournalIs(journal);
        bool hasLosses = summary.HasFailures || _isIncomplete || Array.Exists(_feeders, feeder => feeder.Refused > 0);
        return hasLosses ? ExitCodes.DoneWithLosses : ExitCodes.Done;
    }

    private void SayWhereJournalIs(string journal) =>
        screen.Say($"Journal: {journal}, with the keys and payloads of all records; show it with: lambda-stream replay {journal}");

    private static void ReportRefused(InputFeeder feeder)
    {
        if (feeder.Refused == 0)
            return;
        Screen.Complain($"{feeder.Refused} lines were not put:");
        foreach (string complaint in feeder.Complaints)
            Screen.Complain($"  {complaint}");
        if (feeder.Refused > feeder.Complaints.Count)
            Screen.Complain($"  and {feeder.Refused - feeder.Complaints.Count} more");
    }
}
