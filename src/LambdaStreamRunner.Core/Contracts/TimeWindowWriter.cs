using System.Globalization;
using LambdaStreamRunner.Core.Mappings.Windows;

namespace LambdaStreamRunner.Core.Contracts;

/// <summary>The members that a tumbling window adds to an event, in AWS's order; the state goes through untouched.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html"/>.</remarks>
internal sealed class TimeWindowWriter(ReadOnlySpan<byte> escapedShardId, ReadOnlySpan<byte> escapedEventSourceArn)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const int TimeLength = 20;

    private readonly byte[] _beforeStart =
        [.. ",\"shardId\":\""u8, .. escapedShardId, .. "\",\"eventSourceARN\":\""u8, .. escapedEventSourceArn, .. "\",\"window\":{\"start\":\""u8];

    private static ReadOnlySpan<byte> BeforeEnd => "\",\"end\":\""u8;

    private static ReadOnlySpan<byte> BeforeState => "\"},\"state\":"u8;

    private static ReadOnlySpan<byte> BeforeFinal => ",\"isFinalInvokeForWindow\":"u8;

    private static ReadOnlySpan<byte> BeforeEarly => ",\"isWindowTerminatedEarly\":"u8;

    /// <summary>Bytes of the members besides the state, when no flag is set: one less for each that is.</summary>
    public int FixedLength =>
        _beforeStart.Length + BeforeEnd.Length + (2 * TimeLength) + BeforeState.Length + BeforeFinal.Length + BeforeEarly.Length + (2 * "false"u8.Length);

    /// <summary>A window's start or end: whole seconds of UTC.</summary>
    public static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Bytes of the members, exactly.</summary>
    public int Measure(TimeWindow window) => FixedLength + window.Window.State.Length - (window.IsFinalInvoke ? 1 : 0) - (window.IsTerminatedEarly ? 1 : 0);

    /// <summary>Writes the members, each with the comma before it; returns how many bytes.</summary>
    public int Write(TimeWindow window, Span<byte> utf8)
    {
        int written = Copy(_beforeStart, utf8);
        written += CopyTime(window.Window.Start, utf8[written..]);
        written += Copy(BeforeEnd, utf8[written..]);
        written += CopyTime(window.Window.End, utf8[written..]);
        written += Copy(BeforeState, utf8[written..]);
        written += Copy(window.Window.State.Span, utf8[written..]);
        written += Copy(BeforeFinal, utf8[written..]);
        written += Copy(window.IsFinalInvoke ? "true"u8 : "false"u8, utf8[written..]);
        written += Copy(BeforeEarly, utf8[written..]);
        return written + Copy(window.IsTerminatedEarly ? "true"u8 : "false"u8, utf8[written..]);
    }

    private static int CopyTime(DateTimeOffset time, Span<byte> utf8)
    {
        time.UtcDateTime.TryFormat(utf8, out int length, TimeFormat, CultureInfo.InvariantCulture);
        return length;
    }

    private static int Copy(ReadOnlySpan<byte> part, Span<byte> utf8)
    {
        part.CopyTo(utf8);
        return part.Length;
    }
}
