namespace LambdaStreamRunner.Core.Mappings.Windows;

/// <summary>A tumbling window of one shard that has begun and has not ended: what is kept from one invocation to the next.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html"/>.</remarks>
/// <param name="Start">Inclusive; a multiple of the window's length since the epoch.</param>
/// <param name="End">Exclusive.</param>
/// <param name="State">The JSON object that the function returned last, byte for byte; <c>{}</c> at the beginning.</param>
public sealed record TumblingWindow(DateTimeOffset Start, DateTimeOffset End, ReadOnlyMemory<byte> State)
{
    /// <summary>Largest state that a window may go on with, in bytes of UTF-8; a larger one terminates it early.</summary>
    public const int StateLengthMax = 1024 * 1024;

    /// <summary>The state of a window in which nothing has been aggregated yet.</summary>
    public static ReadOnlyMemory<byte> EmptyState { get; } = "{}"u8.ToArray();
}

/// <summary>What an invocation is told about its tumbling window.</summary>
/// <param name="Window">The window, with the state that the invocation begins with.</param>
/// <param name="Ending">Whether the window ends with this invocation.</param>
public sealed record TimeWindow(TumblingWindow Window, WindowEnding Ending)
{
    /// <summary>AWS's isFinalInvokeForWindow.</summary>
    public bool IsFinalInvoke => Ending is not WindowEnding.None;

    /// <summary>AWS's isWindowTerminatedEarly.</summary>
    public bool IsTerminatedEarly => Ending is WindowEnding.TerminatedEarly;
}

/// <summary>Whether, and why, a window ends with an invocation.</summary>
public enum WindowEnding
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>It is complete: a record of a later window was read, nothing came for long, or the shard has ended.</summary>
    Complete,

    /// <summary>The state has grown beyond <see cref="TumblingWindow.StateLengthMax"/>; the window goes on with an empty one.</summary>
    TerminatedEarly,
}
