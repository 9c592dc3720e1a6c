namespace LambdaStreamRunner.StreamServer.Faults;

/// <summary>The faults of one stream at work: decides what goes wrong, and counts it.</summary>
public sealed class RehearsedFaults
{
    private readonly TimeProvider _realTime;
    private readonly Tally _tally = new();

    internal RehearsedFaults(StreamFaults settings, TimeProvider realTime)
    {
        (Settings, _realTime) = (settings, realTime);
#pragma warning disable CA5394 // Nothing here is secret: whoever wants the same again is told the seed.
        Seed = settings.Seed ?? Random.Shared.Next();
#pragma warning restore CA5394
    }

    /// <summary>What was asked for.</summary>
    public StreamFaults Settings { get; }

    /// <summary>The seed, also when none was asked for.</summary>
    public int Seed { get; }

    /// <summary>What was done so far.</summary>
    public FaultCounts Counts => new(
        Volatile.Read(ref _tally.Calls), Volatile.Read(ref _tally.ThrottledCalls), Volatile.Read(ref _tally.FailedCalls),
        Volatile.Read(ref _tally.ExpiredIterators), Volatile.Read(ref _tally.ThrottledRecords), Volatile.Read(ref _tally.FailedRecords),
        Volatile.Read(ref _tally.LateAnswers));

    /// <summary>A call has come: what happens to it.</summary>
    /// <param name="stopping">Fires when nobody shall be kept waiting any more.</param>
    internal RehearsedCall Next(CancellationToken stopping) =>
        new(Settings, new FaultDice(Seed, Interlocked.Increment(ref _tally.Calls)), _tally, _realTime, stopping);

    internal sealed class Tally
    {
        public long Calls;
        public long ThrottledCalls;
        public long FailedCalls;
        public long ExpiredIterators;
        public long ThrottledRecords;
        public long FailedRecords;
        public long LateAnswers;
    }
}
