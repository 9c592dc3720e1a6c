using LambdaStreamRunner.Core.Histories;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>An invocation that has begun and not ended, with where its records are in the table.</summary>
internal sealed class RunningInvocation
{
    private int[] _places = new int[16];

    public HistoryStep.InvocationStarted Started { get; private set; } = null!;

    public LaneWork Lane { get; private set; } = null!;

    /// <summary>Places of the records in the <see cref="RecordTable"/>; −1 for one that is not there.</summary>
    public ReadOnlySpan<int> Places => _places.AsSpan(0, Started.Records.Length);

    /// <summary>What its handler should do; made when it has done something.</summary>
    public ExpectedEffects? Effects { get; set; }

    public Guid RequestId => Started.RequestId;

    public void Begin(HistoryStep.InvocationStarted started, LaneWork lane)
    {
        (Started, Lane, Effects) = (started, lane, null);
        if (_places.Length < started.Records.Length)
            _places = new int[started.Records.Length];
    }

    public void SetPlace(int position, int place) => _places[position] = place;
}
