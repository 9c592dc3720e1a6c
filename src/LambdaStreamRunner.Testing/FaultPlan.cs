using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace LambdaStreamRunner.Testing;

/// <summary>Faults, put together. Rates are from 0 (never) to 1 (always); times are in milliseconds.</summary>
public sealed record FaultPlan
{
    private const int MillisecondsMax = 900_000;
    private const int TimesMax = 100;

    [JsonInclude]
    internal int HandlerMillisecondsMin { get; private init; }

    [JsonInclude]
    internal int HandlerMillisecondsMax { get; private init; }

    [JsonInclude]
    internal double HandlerThrowRate { get; private init; }

    [JsonInclude]
    internal double HandlerTimeoutRate { get; private init; }

    [JsonInclude]
    internal double ThrottleRate { get; private init; }

    [JsonInclude]
    internal double FalseReportRate { get; private init; }

    [JsonInclude]
    internal int EffectMillisecondsMax { get; private init; } = 20;

    [JsonInclude]
    internal double EffectFailRate { get; private init; }

    [JsonInclude]
    internal int Crashes { get; private init; }

    [JsonInclude]
    internal int Reshards { get; private init; }

    [JsonInclude]
    internal int ClockJumps { get; private init; }

    [JsonInclude]
    internal double ReadThrottleRate { get; private init; }

    [JsonInclude]
    internal double ExpiredIteratorRate { get; private init; }

    [JsonInclude]
    internal double RepeatRate { get; private init; }

    [JsonInclude]
    internal int CheckpointMillisecondsMax { get; private init; }

    [JsonInclude]
    internal int DestinationMillisecondsMax { get; private init; }

    [JsonInclude]
    internal double RefusalRate { get; private init; }

    /// <summary>How long an invocation takes besides its own work: any time between the two, another one for each.</summary>
    public FaultPlan HandlerLatency(int minMilliseconds, int maxMilliseconds)
    {
        Check(minMilliseconds, 0, maxMilliseconds);
        return this with { HandlerMillisecondsMin = minMilliseconds, HandlerMillisecondsMax = Check(maxMilliseconds, 0, MillisecondsMax) };
    }

    /// <summary>Invocations fail with an exception, before the handler has done its work or after.</summary>
    public FaultPlan HandlerThrows(double rate) => this with { HandlerThrowRate = Check(rate) };

    /// <summary>Invocations run into the function's Timeout when their work is done: the environment is lost, the effects stay.</summary>
    public FaultPlan HandlerTimesOut(double rate) => this with { HandlerTimeoutRate = Check(rate) };

    /// <summary>Invocations find no capacity: the handler is not called, and no retry is spent.</summary>
    public FaultPlan Throttles(double rate) => this with { ThrottleRate = Check(rate) };

    /// <summary>Answers name a record as failed that did not fail; needs ReportBatchItemFailures.</summary>
    public FaultPlan FalseReports(double rate) => this with { FalseReportRate = Check(rate) };

    /// <summary>How long <see cref="Effects.AddAsync"/> takes: up to so many milliseconds; 20 by default.</summary>
    public FaultPlan EffectLatency(int maxMilliseconds) => this with { EffectMillisecondsMax = Check(maxMilliseconds, 0, MillisecondsMax) };

    /// <summary>Effects throw <see cref="EffectFailedException"/>, as a table that is not available does.</summary>
    public FaultPlan EffectFails(double rate) => this with { EffectFailRate = Check(rate) };

    /// <summary>The process of the mapping dies and starts again: at any time, just before a checkpoint is stored, or just after.</summary>
    public FaultPlan RunnerCrash(int times = 1) => this with { Crashes = Check(times, 0, TimesMax) };

    /// <summary>A shard is split in two, or two are merged.</summary>
    public FaultPlan Reshard(int times = 1) => this with { Reshards = Check(times, 0, TimesMax) };

    /// <summary>The clock leaps forward, up to a minute, as it does when a machine sleeps.</summary>
    public FaultPlan ClockJump(int times = 1) => this with { ClockJumps = Check(times, 0, TimesMax) };

    /// <summary>Reads of a shard are refused: ProvisionedThroughputExceededException.</summary>
    public FaultPlan ReadThrottling(double rate) => this with { ReadThrottleRate = Check(rate) };

    /// <summary>Reads of a shard find their iterator expired, and begin again at their position.</summary>
    public FaultPlan ExpiredIterators(double rate) => this with { ExpiredIteratorRate = Check(rate) };

    /// <summary>Producers put a record again because they did not hear that it was stored: at once or some seconds later, the same data, another sequence number. The effect of one does for both.</summary>
    public FaultPlan ProducerRepeats(double rate) => this with { RepeatRate = Check(rate) };

    /// <summary>How long a checkpoint takes to be stored: up to so many milliseconds.</summary>
    public FaultPlan CheckpointLatency(int maxMilliseconds) => this with { CheckpointMillisecondsMax = Check(maxMilliseconds, 0, MillisecondsMax) };

    /// <summary>How long the on-failure destination takes to have a discarded batch: up to so many milliseconds, in which a crash may strike.</summary>
    public FaultPlan DestinationLatency(int maxMilliseconds) => this with { DestinationMillisecondsMax = Check(maxMilliseconds, 0, MillisecondsMax) };

    /// <summary>The on-failure destination refuses discarded batches for good.</summary>
    public FaultPlan DestinationRefuses(double rate) => this with { RefusalRate = Check(rate) };

    private static double Check(double rate, [CallerMemberName] string fault = "") =>
        rate is >= 0 and <= 1 ? rate : throw new ArgumentOutOfRangeException(fault, rate, "A rate is from 0 (never) to 1 (always).");

    private static int Check(int value, int min, int max, [CallerMemberName] string fault = "") =>
        value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(fault, value, $"It can be {min} to {max}.");
}
