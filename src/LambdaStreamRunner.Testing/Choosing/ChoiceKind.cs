namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>What a schedule decides.</summary>
internal enum ChoiceKind
{
    /// <summary>Which of several things that are due at the same time comes first.</summary>
    Tie,

    /// <summary>The lane of a key.</summary>
    Lane,

    /// <summary>Which of the idle execution environments serves an invocation, or a new one.</summary>
    Environment,

    /// <summary>How long an invocation takes besides its own work, in milliseconds.</summary>
    HandlerLatency,

    /// <summary>Whether an invocation throws, and whether before or after its work.</summary>
    HandlerThrows,

    /// <summary>Whether an invocation answers too late.</summary>
    HandlerTimesOut,

    /// <summary>Whether an invocation finds no capacity.</summary>
    Throttle,

    /// <summary>Whether an answer names a record as failed that did not fail, and which.</summary>
    FalseReport,

    /// <summary>How long an effect takes, in milliseconds.</summary>
    EffectLatency,

    /// <summary>Whether an effect fails.</summary>
    EffectFails,

    /// <summary>Which of the threads that make effects at the same time comes first.</summary>
    EffectRace,

    /// <summary>When the process dies, in milliseconds, and at which point.</summary>
    Crash,

    /// <summary>How long the process stays away, in milliseconds.</summary>
    Restart,

    /// <summary>When the stream is resharded, in milliseconds, and how.</summary>
    Reshard,

    /// <summary>When the clock leaps, in milliseconds, and how far.</summary>
    ClockLeap,

    /// <summary>Whether a read is throttled.</summary>
    ReadThrottled,

    /// <summary>Whether a read finds its iterator expired.</summary>
    IteratorExpired,

    /// <summary>Whether a producer puts a record twice, and after how many milliseconds.</summary>
    PutTwice,

    /// <summary>How long a checkpoint takes to be stored, in milliseconds.</summary>
    CheckpointLatency,

    /// <summary>Whether the destination refuses a discarded batch.</summary>
    DestinationRefuses,

    /// <summary>How long the destination takes to have a discarded batch, in milliseconds.</summary>
    DestinationLatency,

    /// <summary>When the mapping is ready, after the first record was put, in milliseconds.</summary>
    MappingReady,
}
