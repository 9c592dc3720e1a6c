namespace LambdaStreamRunner.StreamServer;

/// <summary>Where a stream is in its life, and the alarm that ends a transition when nobody asks for the stream.</summary>
/// <param name="control">The stream's lock: held by whoever changes something here. Reading needs none.</param>
/// <param name="time">The run clock.</param>
/// <param name="isThere">Ends a transition that is due; false when the stream is gone with it.</param>
internal sealed class StreamLife(Lock control, TimeProvider time, Func<bool> isThere)
{
    private static readonly TimeSpan WhenTimersAreEarly = TimeSpan.FromMilliseconds(10);

    private volatile Transition? _transition;
    private volatile bool _isOver;
    private ITimer? _alarm;
    private bool _isStopped;

    /// <summary>What Kinesis says.</summary>
    public StreamStatus Status => _isOver ? StreamStatus.Deleting : _transition?.Status ?? StreamStatus.Active;

    /// <summary>What is under way; null when the stream is ACTIVE, or gone.</summary>
    public Transition? Transition => _transition;

    /// <summary>True when the stream is gone.</summary>
    public bool IsOver => _isOver;

    /// <summary>A transition begins, instead of the one that may be under way.</summary>
    public void Enter(Transition transition)
    {
        _transition = transition;
        TimeSpan delay = transition.Due - time.GetUtcNow();
        _alarm?.Dispose();
        _alarm = delay > TimeSpan.Zero && !_isStopped ? time.CreateTimer(_ => Wake(), null, delay, Timeout.InfiniteTimeSpan) : null;
    }

    /// <summary>The transition has ended.</summary>
    public void EndTransition()
    {
        _transition = null;
        _alarm?.Dispose();
    }

    /// <summary>The stream is gone from now on.</summary>
    public void End() => _isOver = true;

    /// <summary>Nothing happens by itself any more.</summary>
    public void StopAlarm()
    {
        lock (control)
        {
            _isStopped = true;
            _alarm?.Dispose();
        }
    }

    private void Wake()
    {
        lock (control)
        {
            if (!_isStopped && isThere() && _transition is not null)
                _alarm?.Change(WhenTimersAreEarly, Timeout.InfiniteTimeSpan);
        }
    }
}
