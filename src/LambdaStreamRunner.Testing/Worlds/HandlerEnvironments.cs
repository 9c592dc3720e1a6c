using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The execution environments of a world's handler: one per concurrent invocation, used again in any order.</summary>
internal sealed class HandlerEnvironments(TestWorld world, Action<HandlerEnvironment, string, Exception> died)
{
    private readonly List<HandlerEnvironment> _all = [];
    private readonly List<HandlerEnvironment> _idle = [];
    private int _made;

    /// <summary>An idle environment, the one used last if the schedule has no other wish; a new one when none is idle.</summary>
    public HandlerEnvironment Take(long subject, int occasion)
    {
        int choices = _idle.Count + (_all.Count < EnvironmentsMax ? 1 : 0);
        int chosen = world.Chooser.Choose(new Choice(ChoiceKind.Environment, subject, occasion), choices);
        if (chosen >= _idle.Count)
            return Create();
        HandlerEnvironment environment = _idle[^(chosen + 1)];
        _idle.Remove(environment);
        return environment;
    }

    public void Return(HandlerEnvironment environment)
    {
        environment.Sleep();
        _idle.Add(environment);
    }

    public void Destroy(HandlerEnvironment environment)
    {
        environment.Destroy();
        _all.Remove(environment);
    }

    public void DestroyAll()
    {
        _all.ForEach(environment => environment.Destroy());
        _all.Clear();
        _idle.Clear();
    }

    // Lambda may start another one although one is idle; so that it happens and does not happen all the time.
    private int EnvironmentsMax => world.Scenario.Mapping.ParallelizationFactor + 1;

    private HandlerEnvironment Create()
    {
        var environment = new HandlerEnvironment(_made++, world) { Died = died };
        _all.Add(environment);
        return environment;
    }
}
