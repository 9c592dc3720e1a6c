using LambdaStreamRunner.Core.Mappings.Retrying;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Executions that may run at the same time, shared by all who invoke: nobody is starved.</summary>
/// <remarks>
/// Who finds no free execution is refused, as AWS answers 429, and comes again after a pause. Who was refused twice in a row
/// and has less than an even share gets free executions kept until then, up to that share; the one refused first comes first.
/// </remarks>
/// <param name="limit">Executions at a time; 0 refuses everything.</param>
/// <param name="reason">Why somebody is refused: AWS's Reason of a TooManyRequestsException.</param>
public sealed class ConcurrencyPool(int limit, string reason)
{
    // The refused come again after a pause that depends on their own tries; a little later nobody expects them any more.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Claim> _claims = new(StringComparer.Ordinal);
    private int _running;
    private DateTimeOffset _keptUntil;                        // nothing is kept for anybody after it

    /// <summary>Executions at a time.</summary>
    public int Limit => limit;

    /// <summary>Why somebody is refused: ReservedFunctionConcurrentInvocationLimitExceeded or ConcurrentInvocationLimitExceeded.</summary>
    public string Reason => reason;

    /// <summary>Executions that run now.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _running;
        }
    }

    /// <summary>Takes an execution; false when there is none for this client now.</summary>
    /// <param name="client">Who wants it, such as a mapping's name.</param>
    /// <param name="now">The time of the run clock, which governs pauses.</param>
    /// <param name="waiter">What of the client's wants it, such as a batch: it is the same one when it comes again. All without one are one.</param>
    public bool TryEnter(string client, DateTimeOffset now, Guid waiter = default)
    {
        lock (_gate)
        {
            if (!_claims.TryGetValue(client, out Claim? claim))
                _claims.Add(client, claim = new Claim());
            int kept = now <= _keptUntil ? KeptForOthers(claim, now) : 0;
            if (limit - _running <= kept)
            {
                claim.Refuse(waiter, limit, now);
                _keptUntil = claim.ExpectedUntil > _keptUntil ? claim.ExpectedUntil : _keptUntil;
                return false;
            }
            claim.Enter(waiter);
            _running++;
            return true;
        }
    }

    /// <summary>Gives an execution back.</summary>
    /// <param name="client">Who had it.</param>
    public void Leave(string client)
    {
        lock (_gate)
        {
            _claims[client].Running--;
            _running--;
        }
    }

    private int KeptForOthers(Claim claim, DateTimeOffset now)
    {
        int demanding = _claims.Values.Count(other => other.Running > 0 || other.IsExpected(now));
        int share = Math.Max(1, limit / Math.Max(1, demanding));
        DateTimeOffset? mine = claim.IsExpected(now) ? claim.RefusedSince : null;
        int kept = 0;
        foreach (Claim other in _claims.Values)
        {
            if (other != claim && other.IsExpected(now) && other.Running < share && !(mine < other.RefusedSince))
                kept += Math.Min(other.Waiting.Count, share - other.Running);
        }
        return kept;
    }

    private sealed class Claim
    {
        private int _refusals;

        public int Running { get; set; }

        public DateTimeOffset RefusedSince { get; private set; }

        public DateTimeOffset ExpectedUntil { get; private set; }

        /// <summary>Who was refused and has not entered since.</summary>
        public HashSet<Guid> Waiting { get; } = [];

        /// <summary>True when it was refused twice in a row and will come again.</summary>
        public bool IsExpected(DateTimeOffset now) => _refusals > 1 && now <= ExpectedUntil;

        public void Enter(Guid waiter)
        {
            Running++;
            Waiting.Remove(waiter);
            _refusals = 0;
        }

        public void Refuse(Guid waiter, int waitingMax, DateTimeOffset now)
        {
            if (_refusals++ == 0)
                RefusedSince = now;
            if (now > ExpectedUntil)
                Waiting.Clear();
            if (Waiting.Count < waitingMax)                   // nothing is kept for more
                Waiting.Add(waiter);
            ExpectedUntil = now + Backoff.After(_refusals) + Slack;
        }
    }
}
