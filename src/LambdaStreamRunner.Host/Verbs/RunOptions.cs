using System.CommandLine;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Logs;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The command line of <c>run</c>.</summary>
internal sealed class RunOptions
{
    /// <summary>Longest time that a timer can wait for, less a little: over 46 days.</summary>
    private const int DrainTimeoutSecondsMax = 4_000_000;

    public Option<string> Config { get; } = new("--config")
    {
        Description = "The configuration file.",
        DefaultValueFactory = _ => "config/runner.json",
        HelpName = "FILE",
    };

    public Option<int> Port { get; } = new("--port")
    {
        Description = "Port of the Kinesis endpoint; 0 takes a free one.",
        DefaultValueFactory = _ => 4566,
        HelpName = "PORT",
    };

    public Option<string> Host { get; } = new("--host")
    {
        Description = "Address to listen on. Anything but the loopback lets other machines in.",
        DefaultValueFactory = _ => "127.0.0.1",
        HelpName = "ADDRESS",
    };

    public Option<string[]> AllowHost { get; } = new("--allow-host")
    {
        Description = "Further name that requests may carry as their Host; may be repeated.",
        HelpName = "NAME",
    };

    public Option<bool> Https { get; } = new("--https")
    {
        Description = "Serve TLS too, on the same port, with a development certificate that is made on first use and kept for this user.",
    };

    public Option<string?> Certificate { get; } = new("--certificate")
    {
        Description = "Serve TLS with this certificate instead: PEM with its private key, or PFX without a password.",
        HelpName = "FILE",
    };

    public Option<string> Limits { get; } = new("--limits")
    {
        Description = "Throttle clients as Kinesis does: throughput of shards, calls per second. A stream's own \"Limits\" wins.",
        DefaultValueFactory = _ => "none",
        HelpName = "none|aws",
    };

    public Option<bool> InMemory { get; } = new("--in-memory") { Description = "Keep streams and checkpoints in memory, also when the configuration names a DataDirectory." };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Keep streams and checkpoints in this folder: the next run goes on where this one ended, also after kill -9.",
        HelpName = "DIR",
    };

    public Option<bool> Fsync { get; } = new("--fsync") { Description = "Acknowledge a record when the disk has it: a power cut cannot lose it either. Goes with --data." };

    public Option<int?> MemoryLimit { get; } = new("--memory-limit")
    {
        Description = "Most memory for records, in MiB (1024 unless the configuration says else); puts beyond it are refused.",
        HelpName = "MIB",
    };

    public Option<string?> Input { get; } = new("--input")
    {
        Description = "Put every line of a file as one record; '-' reads standard input. Replaces the configuration's Input.",
        HelpName = "FILE",
    };

    public Option<string?> Stream { get; } = new("--stream") { Description = "The stream that --input feeds.", HelpName = "NAME" };

    public Option<string?> PartitionKey { get; } = new("--partition-key")
    {
        Description = "Key of each line: $.user.id is a JSON path, /^(\\S+)/ a regular expression, anything else the key itself.",
        HelpName = "EXPR",
    };

    public Option<bool> UntilDrained { get; } = new("--until-drained") { Description = "End when every record put so far is settled." };

    public Option<double?> DrainTimeout { get; } = new("--drain-timeout")
    {
        Description = "Give up draining after so many seconds, naming what blocks.",
        HelpName = "SECONDS",
    };

    public Option<string?> Polling { get; } = new("--polling")
    {
        Description = "'eager' reads what is there at once, 'aws' once per second and shard as AWS does.",
        HelpName = "eager|aws",
    };

    public Option<double> Speed { get; } = new("--speed")
    {
        Description = "Seconds of the run's clock per real second: windows, back-off and record age pass faster.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public Option<string?> Journal { get; } = new("--journal")
    {
        Description = "Write everything that happens to the mappings to this new file, for lambda-stream replay. Keys and payloads of all records are in it; only you can read it.",
        HelpName = "FILE",
    };

    public Option<string> LogFormat { get; } = new("--log-format")
    {
        Description = "How the log of the functions is written: 'text', or 'json' with one object a line in Lambda's shapes. Then standard output has nothing but the log, unless --json takes it.",
        DefaultValueFactory = _ => "text",
        HelpName = "text|json",
    };

    public Option<bool> Reports { get; } = new("--reports") { Description = "Log a line REPORT for every invocation, as Lambda does: duration, billed duration, memory, duration of the init." };

    public Option<bool> Watch { get; } = new("--watch")
    {
        Description = "Build and load functions anew when their files change, while records flow: what is in flight ends on the old code, and code that does not work leaves the old one running. Changes of the configuration file, environment variables included, need a new start.",
    };

    public Option<string?> Debug { get; } = new("--debug")
    {
        Description = "Hold this function until a debugger is attached. In a process of its own it gets one environment; its Timeout and its mappings' record age are not enforced. One in this process is loaded when a debugger is attached to lambda-stream.",
        HelpName = "FUNCTION",
    };

    public Option<int?> DebugPort { get; } = new("--debug-port")
    {
        Description = "Loopback port for the debugger of --debug, for Node.js (9229 by default) and Python (5678).",
        HelpName = "PORT",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the summary as one JSON document on standard output, everything else on standard error." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Config, Port, Host, AllowHost, Https, Certificate, Limits, InMemory, Data, Fsync, MemoryLimit, Input, Stream, PartitionKey, UntilDrained, DrainTimeout, Polling, Speed, Journal, Watch, Debug, DebugPort, LogFormat, Reports, Json])
            command.Add(option);
    }

    public static PollingMode? PollingOf(string? text) => text?.ToLowerInvariant() switch
    {
        "eager" => PollingMode.Eager,
        "aws" => PollingMode.Aws,
        _ => null,
    };

    /// <summary>Whether clients are throttled; null when the word says neither.</summary>
    public static bool? LimitsOf(string word) => word.ToUpperInvariant() switch
    {
        "NONE" => false,
        "AWS" => true,
        _ => null,
    };

    /// <summary>How the log is written; null when the word says neither.</summary>
    public static LogFormat? LogFormatOf(string word) => word.ToUpperInvariant() switch
    {
        "TEXT" => Logs.LogFormat.Text,
        "JSON" => Logs.LogFormat.Json,
        _ => null,
    };

    /// <summary>Every mistake of a command line whose words are right; asked after parsing, when defaults are known.</summary>
    public IEnumerable<string> Mistakes(ParseResult result)
    {
        if (result.GetValue(Port) is < 0 or > 65_535)
            yield return $"--port is {result.GetValue(Port)}; it can be 0 to 65535.";
        if (result.GetValue(Speed) is not (> 0 and <= 100_000))
            yield return $"--speed is {result.GetValue(Speed)}; it must be above 0 and at most 100000.";
        if (result.GetValue(Polling) is { } polling && PollingOf(polling) is null)
            yield return $"--polling is '{polling}'; it can be 'eager' or 'aws'.";
        if (LimitsOf(result.GetValue(Limits)!) is null)
            yield return $"--limits is '{result.GetValue(Limits)}'; it can be 'none' or 'aws'.";
        if (LogFormatOf(result.GetValue(LogFormat)!) is null)
            yield return $"--log-format is '{result.GetValue(LogFormat)}'; it can be 'text' or 'json'.";
        if (result.GetValue(Data) is not null && result.GetValue(InMemory))
            yield return "--data and --in-memory contradict each other; give one of them.";
        if (result.GetValue(Data) is "")
            yield return "--data is empty; name a folder.";
        if (result.GetValue(Fsync) && result.GetValue(InMemory))
            yield return "--fsync is about the disk, and --in-memory writes nothing there; leave one of them out.";
        if (result.GetValue(MemoryLimit) is < 1 or > RunnerConfiguration.MemoryLimitMiBMax)
            yield return $"--memory-limit is {result.GetValue(MemoryLimit)}; it can be 1 to {RunnerConfiguration.MemoryLimitMiBMax} MiB.";
        if (!result.GetValue(Host)!.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !System.Net.IPAddress.TryParse(result.GetValue(Host), out _))
            yield return $"--host is '{result.GetValue(Host)}'; it must be an IP address, or localhost.";
        if (result.GetValue(DrainTimeout) is { } seconds && (seconds is not (> 0 and <= DrainTimeoutSecondsMax) || !result.GetValue(UntilDrained)))
            yield return $"--drain-timeout takes a number above 0, at most {DrainTimeoutSecondsMax}, and goes with --until-drained.";
        if (result.GetValue(Journal) is { } journal && StreamRunnerOptions.WhyNoJournal(journal) is { } refusal)
            yield return $"--journal: {refusal}";
        if (result.GetValue(DebugPort) is < 1 or > 65_535)
            yield return $"--debug-port is {result.GetValue(DebugPort)}; it can be 1 to 65535.";
        if (result.GetValue(DebugPort) is not null && result.GetValue(Debug) is null)
            yield return "--debug-port is for a debugger, and goes with --debug FUNCTION.";
        bool hasInput = result.GetValue(Input) is not null;
        if (hasInput && (result.GetValue(Stream) is null || result.GetValue(PartitionKey) is null))
            yield return "--input needs --stream NAME and --partition-key EXPR as well.";
        if (!hasInput && (result.GetValue(Stream) ?? result.GetValue(PartitionKey)) is not null)
            yield return "--stream and --partition-key say where --input goes; add --input FILE.";
    }
}
