using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Debugging;
using LambdaStreamRunner.Runner.Journals;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>What a runner shall run. Start from a configuration file, add to it in code, or do without a file.</summary>
public sealed class StreamRunnerOptions
{
    private readonly Dictionary<string, Delegate> _handlers = new(StringComparer.Ordinal);

    /// <summary>Streams, functions and mappings.</summary>
    public RunnerConfiguration Configuration { get; set; } = new();

    /// <summary>Port of the runner's own listener: 0 takes a free one, null (the default) opens none.</summary>
    /// <remarks>Without a listener the streams are reached in process, or through <c>MapLambdaStreamRunner</c>.</remarks>
    public int? Port { get; set; }

    /// <summary>Address of the listener; the loopback by default. Anything else lets other machines in.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>What acknowledged records survive, when they are kept in a data folder.</summary>
    /// <value>The end of the process, kill -9 included, by default.</value>
    public Durability Durability { get; set; }

    /// <summary>Names besides the loopback's that a request may carry as its Host.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>With its private key: the listener then serves TLS as well, on the same port. None by default.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Seconds of the run's clock per real second.</summary>
    /// <value>Above 0; 1 by default. Timeouts of functions stay in real time.</value>
    public double Speed { get; set; } = 1;

    /// <summary>How long a stop waits for running invocations before it abandons them.</summary>
    /// <value>null (the default): as long as they take, at most their Timeout.</value>
    public TimeSpan? StopTimeout { get; set; }

    /// <summary>False: the streams are served, and no mapping runs, whatever the configuration or the data folder has.</summary>
    /// <value>true by default.</value>
    public bool HasMappings { get; set; } = true;

    /// <summary>A file that gets everything that happens to the mappings, records' payloads included; <c>lambda-stream replay</c> shows it.</summary>
    /// <value>null (the default): nothing is written. A file that is there must be empty; a new one can be read by its user only.</value>
    public string? JournalFile { get; set; }

    /// <summary>Why a file cannot become a journal, and what to do; null when it can.</summary>
    public static string? WhyNoJournal(string path) => RunJournal.WhyNot(path);

    /// <summary>True: functions whose sources change are built and loaded anew while records flow; what is in flight ends on the old code.</summary>
    /// <value>false by default. Delegates, remote functions, and DLLs that run in this process are not followed.</value>
    public bool Watch { get; set; }

    /// <summary>The function that a debugger shall be attached to.</summary>
    /// <value>null (the default): none.</value>
    public FunctionDebugging? Debugging { get; set; }

    /// <summary>Receives lines while functions are built or swapped; nobody by default.</summary>
    public Action<string>? BuildProgress { get; set; }

    /// <summary>Receives what functions log; the runner's own log by default.</summary>
    public FunctionListener? FunctionListener { get; set; }

    /// <summary>Handlers that are delegates of this process, by function name.</summary>
    internal IReadOnlyDictionary<string, Delegate> Handlers => _handlers;

    /// <summary>Reads a configuration file.</summary>
    /// <param name="path">The file, such as <c>config/runner.json</c>.</param>
    /// <exception cref="InvalidConfigurationException">The file has mistakes; the message lists all of them.</exception>
    public StreamRunnerOptions UseConfiguration(string path)
    {
        ConfigurationResult result = ConfigurationFile.Read(path, ConfigurationOverrides.None, TimeProvider.System.GetUtcNow());
        Configuration = result.Configuration ?? throw new InvalidConfigurationException(path, result.Errors);
        return this;
    }

    /// <summary>Keeps streams and checkpoints in a folder, so that the next start goes on where this one ended.</summary>
    /// <param name="folder">Made when absent; one process at a time has it.</param>
    public StreamRunnerOptions UseDataDirectory(string folder)
    {
        Configuration = Configuration with { DataDirectory = Path.GetFullPath(folder) };
        return this;
    }

    /// <summary>Adds an embedded stream; it is created when the runner starts.</summary>
    /// <param name="name">Short name.</param>
    /// <param name="shardCount">1 or more.</param>
    /// <param name="change">Says more about it: <c>stream => stream with { RetentionPeriodHours = 48, Faults = new StreamFaults { ThrottleRate = 0.1 } }</c>.</param>
    public StreamRunnerOptions AddStream(string name, int shardCount = 1, Func<StreamConfiguration, StreamConfiguration>? change = null)
    {
        string arn = $"arn:aws:kinesis:{Configuration.Region}:{Configuration.AccountId}:stream/{name}";
        var stream = new StreamConfiguration(name, arn, shardCount);
        Configuration = Configuration with { Streams = Configuration.Streams.Add(change is null ? stream : change(stream)) };
        return this;
    }

    /// <summary>Lets streams and consumers of clients take time from one state to the next, as they do on AWS.</summary>
    /// <param name="delays">How long.</param>
    public StreamRunnerOptions UseLifecycleDelays(LifecycleDelays delays)
    {
        Configuration = Configuration with { LifecycleDelays = delays };
        return this;
    }

    /// <summary>Adds a function whose handler lives in this process: break points work as usual.</summary>
    /// <param name="name">Name of the function.</param>
    /// <param name="handler">A method in any shape that Lambda takes, such as <c>new Function().HandleAsync</c>.</param>
    /// <param name="timeout">Longest time of one call; 3 s by default.</param>
    /// <param name="reservedConcurrentExecutions">Executions at a time that belong to it alone; null (the default): it shares the account's.</param>
    public StreamRunnerOptions AddFunction(string name, Delegate handler, TimeSpan? timeout = null, int? reservedConcurrentExecutions = null)
    {
        _handlers.Add(name, handler);
        var function = new FunctionConfiguration
        {
            Name = name,
            Arn = FunctionArnOf(name),
            CodeUri = "",
            Handler = handler.Method.Name,
            Timeout = timeout ?? TimeSpan.FromSeconds(3),
            ReservedConcurrentExecutions = reservedConcurrentExecutions,
        };
        Configuration = Configuration with { Functions = Configuration.Functions.Add(function) };
        return this;
    }

    /// <summary>Adds a function that runs as its configuration says: in processes of its own, elsewhere, or in this process from its DLL.</summary>
    /// <param name="name">Name of the function.</param>
    /// <param name="change">
    /// Says how it runs, with the names of a file: <c>function => function with { Hosting = FunctionHosting.Process, Runtime = "python3.13",
    /// CodeUri = "functions/clicks", Handler = "app.handler" }</c>. Paths are relative to the current folder.
    /// </param>
    public StreamRunnerOptions AddFunction(string name, Func<FunctionConfiguration, FunctionConfiguration> change)
    {
        FunctionConfiguration function = change(new FunctionConfiguration { Name = name, Arn = FunctionArnOf(name), CodeUri = "", Handler = "" });
        function = function with
        {
            CodeUri = function.CodeUri.Length == 0 ? "" : Path.GetFullPath(function.CodeUri),
            Layers = [.. function.Layers.Select(Path.GetFullPath)],
        };
        Configuration = Configuration with { Functions = Configuration.Functions.Add(function) };
        return this;
    }

    /// <summary>Adds a mapping between a stream and a function that were added before.</summary>
    /// <param name="stream">Name of the stream.</param>
    /// <param name="function">Name of the function.</param>
    /// <param name="change">
    /// Changes the defaults: <c>mapping => mapping with { BatchSize = 10 }</c>. With the ARN of a consumer as EventSourceArn it
    /// has enhanced fan-out: the consumer is registered, records are pushed, aggregated ones taken apart.
    /// </param>
    /// <param name="onFailure">Where discarded batches go; null: they are counted and gone.</param>
    public StreamRunnerOptions AddMapping(
        string stream, string function, Func<EventSourceMapping, EventSourceMapping>? change = null, OnFailureDestination? onFailure = null)
    {
        StreamConfiguration source = Configuration.Streams.FirstOrDefault(known => known.Name == stream)
            ?? throw new ArgumentException($"There is no stream '{stream}' here. Add it first, with AddStream.", nameof(stream));
        FunctionConfiguration target = Configuration.Functions.FirstOrDefault(known => known.Name == function)
            ?? throw new ArgumentException($"There is no function '{function}' here. Add it first, with AddFunction.", nameof(function));
        var settings = new EventSourceMapping { EventSourceArn = source.Arn, FunctionName = target.Name };
        settings = change is null ? settings : change(settings);
        var mapping = new MappingConfiguration
        {
            Settings = settings.EventSourceArn == source.Arn ? settings : settings with { Polling = PollingMode.Push },
            Stream = source,
            Function = target,
            OnFailure = onFailure is OnFailureDestination.File file ? new OnFailureDestination.File(Path.GetFullPath(file.Path)) : onFailure,
            Endpoints = Configuration.Endpoints,
        };
        Configuration = Configuration with { Mappings = Configuration.Mappings.Add(mapping) };
        return this;
    }

    private string FunctionArnOf(string name) => $"arn:aws:lambda:{Configuration.Region}:{Configuration.AccountId}:function:{name}";
}
