using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Mappings;

/// <summary>When the shard is read: eagerly, or once per second as AWS polls.</summary>
/// <remarks>Measured on AWS: one GetRecords per shard and second and mapping, whatever the other settings.</remarks>
/// <param name="mode">The mapping's.</param>
/// <param name="readAhead">Where the cursors stand.</param>
/// <param name="seeksTip">True: a read waits for records only when the one before found none, so that the tip is known.</param>
internal sealed class Polling(PollingMode mode, ReadAhead readAhead, bool seeksTip)
{
    /// <summary>AWS's base rate.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Pause between the reads of a catch-up pass under AWS's rate: within the shard's 5 reads per second.</summary>
    public static readonly TimeSpan CatchUpInterval = TimeSpan.FromMilliseconds(250);

    private Cursor _main;
    private Cursor _catchUp;

    /// <summary>No more reads: the shard has ended, or the mapping stops.</summary>
    public bool IsOver { get; set; }

    /// <summary>The main cursor has read the last record of a closed shard.</summary>
    public bool EndReached { get; set; }

    /// <summary>True when the main cursor's last read found nothing: all that is on the shard has been passed.</summary>
    public bool IsAtTip { get; private set; }

    /// <summary>Asks for what can be read now.</summary>
    public void Plan(DateTimeOffset now, List<ShardDecision> decisions)
    {
        readAhead.LookForCatchUp();
        if (WantsMain && now >= _main.NotBefore)
        {
            _main = _main with { IsUnderWay = true, NotBefore = now + IntervalOf(Interval) };
            bool wait = mode is not PollingMode.Aws && (IsAtTip || !seeksTip);
            decisions.Add(new ShardDecision.ReadRecords(ReadCursor.Main, readAhead.MainPosition, readAhead.ReadLimit, wait));
        }
        if (WantsCatchUp && now >= _catchUp.NotBefore)
        {
            _catchUp = _catchUp with { IsUnderWay = true, NotBefore = now + IntervalOf(CatchUpInterval) };
            decisions.Add(new ShardDecision.ReadRecords(ReadCursor.CatchUp, readAhead.CatchUpPosition!.Value, readAhead.ReadLimit, WaitForRecords: false));
        }
    }

    /// <summary>The read has been answered.</summary>
    /// <param name="cursor">Whose read it was.</param>
    /// <param name="isEmpty">True when it found nothing.</param>
    public void Answered(ReadCursor cursor, bool isEmpty)
    {
        Of(cursor) = Of(cursor) with { IsUnderWay = false, Failures = 0 };
        if (cursor is ReadCursor.Main)
            IsAtTip = isEmpty;
    }

    /// <summary>The read failed: again after a pause that grows.</summary>
    public void Failed(ReadCursor cursor, DateTimeOffset now)
    {
        int failures = Of(cursor).Failures + 1;
        Of(cursor) = new Cursor(IsUnderWay: false, now + Backoff.After(failures), failures);
        if (cursor is ReadCursor.Main)
            IsAtTip = false;
    }

    /// <summary>When the next read is due by the clock alone; null when none is.</summary>
    public DateTimeOffset? DueAt
    {
        get
        {
            DateTimeOffset? due = WantsMain ? _main.NotBefore : null;
            if (WantsCatchUp && (due is null || _catchUp.NotBefore < due))
                due = _catchUp.NotBefore;
            return due;
        }
    }

    private bool WantsMain => !IsOver && !EndReached && !_main.IsUnderWay && readAhead.MayRead;

    private bool WantsCatchUp => !IsOver && readAhead.CatchUpPosition is not null && !_catchUp.IsUnderWay && readAhead.MayRead;

    private TimeSpan IntervalOf(TimeSpan aws) => mode is PollingMode.Aws ? aws : TimeSpan.Zero;

    private ref Cursor Of(ReadCursor cursor) => ref cursor is ReadCursor.Main ? ref _main : ref _catchUp;

    private readonly record struct Cursor(bool IsUnderWay, DateTimeOffset NotBefore, int Failures);
}
