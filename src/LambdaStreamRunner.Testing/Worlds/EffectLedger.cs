using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The effects of one world, in the order in which they were made.</summary>
internal sealed class EffectLedger(TestWorld world, FaultPlan faults)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _ofKey = [];
    private readonly HashSet<(string Key, string Id)> _ids = [];
    private readonly Dictionary<(long Subject, int Occasion), int> _made = [];
    private readonly EffectRace _race = new(world);

    public IReadOnlyDictionary<string, IReadOnlyList<string>> All
    {
        get
        {
            lock (_gate)
                return _ofKey.ToDictionary(of => of.Key, of => (IReadOnlyList<string>)[.. of.Value]);
        }
    }

    /// <summary>True when a handler was given effects to make: then even a run without any must have them.</summary>
    public bool IsExpected { get; private set; }

    public void Expect() => IsExpected = true;

    public IReadOnlyList<string> Of(string key)
    {
        lock (_gate)
            return _ofKey.TryGetValue(key, out List<string>? values) ? [.. values] : [];
    }

    public bool Add(string key, string value, string? id)
    {
        InvocationScope scope = InvocationScope.Current!;
        long occasion = NextOccasion(scope);
        FailIfChosen(scope, occasion, key, value);
        using (_race.Enter(scope))
            return Write(scope, key, value, id);
    }

    public async Task<bool> AddAsync(string key, string value, string? id)
    {
        InvocationScope scope = InvocationScope.Current!;
        long occasion = NextOccasion(scope);
        int milliseconds = world.Chooser.Measure(new Choice(ChoiceKind.EffectLatency, scope.Subject, occasion), occasion, faults.EffectMillisecondsMax);
        if (milliseconds > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), world.Time);
        FailIfChosen(scope, occasion, key, value);
        return Write(scope, key, value, id);
    }

    // Known by the delivery and by the how-many-eth effect of it.
    private long NextOccasion(InvocationScope scope)
    {
        lock (_gate)
        {
            int made = _made[(scope.Subject, scope.Occasion)] = _made.GetValueOrDefault((scope.Subject, scope.Occasion)) + 1;
            return (scope.Occasion * 100_000L) + made;
        }
    }

    private void FailIfChosen(InvocationScope scope, long occasion, string key, string value)
    {
        if (world.AreFaultsOn && world.Chooser.Strikes(new Choice(ChoiceKind.EffectFails, scope.Subject, occasion), faults.EffectFailRate))
            throw new EffectFailedException($"The effect {key} = {value} was not made: the test lets it fail.");
    }

    private bool Write(InvocationScope scope, string key, string value, string? id)
    {
        lock (_gate)
        {
            if (scope.Environment.IsGone)
                return false;                                 // the process that writes this is dead
            if (id is not null && !_ids.Add((key, id)))
                return false;
            if (!_ofKey.TryGetValue(key, out List<string>? values))
                _ofKey.Add(key, values = []);
            values.Add(value);
            Record(new HistoryStep.EffectMade(
                world.Now, scope.Invocation.Shard.Id, scope.Invocation.Started.RequestId, !scope.HasAnswered, key, value));
            return true;
        }
    }

    // The history belongs to the pump, and what other threads add keeps its order.
    private void Record(HistoryStep step)
    {
        if (EffectRace.IsAlone(world))
            world.Loop.History.Add(step);
        else
            world.Pump.Post(() => world.Loop.History.Add(step));
    }
}
