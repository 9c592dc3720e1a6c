namespace LambdaStreamRunner.Core.Mappings;

/// <summary>The wake-up that the driver knows of: it is asked again only for another time.</summary>
internal struct WakeUp
{
    private DateTimeOffset? _askedFor;

    /// <summary>Asks to be woken when the next thing is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="due">When that is; null when nothing is due by the clock alone.</param>
    /// <param name="decisions">Receives the wish.</param>
    public void Ask(DateTimeOffset now, DateTimeOffset? due, List<ShardDecision> decisions)
    {
        if (_askedFor <= now)
            _askedFor = null;
        if (due is not { } next || next <= now || next == _askedFor)
            return;
        _askedFor = next;
        decisions.Add(new ShardDecision.WakeAt(next));
    }
}
