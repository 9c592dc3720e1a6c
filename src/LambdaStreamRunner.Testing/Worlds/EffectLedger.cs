using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The effects of one world, in the order in which they were made.</summary>
internal sealed class EffectLedger(TestWorld world, FaultPlan faults)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _ofKey = [];
    private readonly HashSet<(string Key, string Id)> _ids = [];
    private readonly Dictionary<long, int> _tried = [];
    private readonly Dictionary<long, (string Key, string Value)> _described = [];
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

    /// <inheritdoc cref="EffectRace.HasRaced"/>
    public bool HasRaced => _race.HasRaced;

    public void Expect() => IsExpected = true;

    public IReadOnlyList<string> Of(string key)
    {
        lock (_gate)
            return _ofKey.TryGetValue(key, out List<string>? values) ? [.. values] : [];
    }

    public bool Add(string key, string value, string? id)
    {
        InvocationScope scope = InvocationScope.Current!.Acting;
        FailIfChosen(NextTry(scope, ChoiceKind.EffectFails, key, value), key, value);
        using (_race.Enter(scope))
            return Write(scope, key, value, id);
    }

    public async Task<bool> AddAsync(string key, string value, string? id)
    {
        InvocationScope scope = InvocationScope.Current!.Acting;
        Choice tried = NextTry(scope, ChoiceKind.EffectLatency, key, value);
        int milliseconds = world.Chooser.Measure(tried, tried.Subject, faults.EffectMillisecondsMax);
        if (milliseconds > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), world.Time);
        FailIfChosen(tried with { Kind = ChoiceKind.EffectFails }, key, value);
        return Write(scope, key, value, id);
    }

    /// <summary>An effect that a choice is about, in words; null when none was tried that it fits.</summary>
    public string? Describe(long subject) => _described.TryGetValue(subject, out (string Key, string Value) effect) ? $"{effect.Key} = {effect.Value}" : null;

    // Choices about effects are known by what is changed: they stay the same whatever else is taken away.
    private Choice NextTry(InvocationScope scope, ChoiceKind kind, string key, string value)
    {
        ulong effect = HistoryHashing.TextHash(key, value);
        // Two invocations whose threads try the same at once must not race for the number of the try.
        if (!world.Pump.IsHere)
            effect = Mixing.Mix(effect ^ Mixing.Mix((ulong)scope.Subject ^ ((ulong)scope.Occasion << 32)));
        long subject = (long)effect;
        lock (_gate)
        {
            int tried = _tried[subject] = _tried.GetValueOrDefault(subject) + 1;
            _described.TryAdd(subject, (key, value));
            return new Choice(kind, subject, tried);
        }
    }

    private void FailIfChosen(in Choice choice, string key, string value)
    {
        if (world.AreFaultsOn && world.Chooser.Strikes(choice, faults.EffectFailRate))
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
            Record(scope, new HistoryStep.EffectMade(
                world.Now, scope.Invocation.Shard.Id, scope.Invocation.Started.RequestId, !scope.HasAnswered, key, value));
            return true;
        }
    }

    // The history belongs to the pump, and what other threads add keeps its order.
    private void Record(InvocationScope scope, HistoryStep step)
    {
        if (EffectRace.IsAlone(world))
            world.Loop.History.Add(step);
        else
            world.Pump.PostInTurn(() => world.Loop.History.Add(step), scope);
    }
}
