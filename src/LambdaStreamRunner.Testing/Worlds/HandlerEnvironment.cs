using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>An execution environment: one instance of the handler, one invocation at a time, frozen in between.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"/>.</remarks>
internal sealed class HandlerEnvironment(int number, TestWorld world)
{
    private readonly List<Action> _frozen = [];
    private BoundFunction? _function;

    /// <summary>Its number in the world, from 0.</summary>
    public int Number { get; } = number;

    /// <summary>What its constructor began, and periodic timers: it goes on in whichever invocation the environment serves. Null before the first.</summary>
    public InvocationScope? Own { get; private set; }

    /// <summary>The invocation that it serves, or served last.</summary>
    public InvocationScope? Served { get; private set; }

    /// <summary>True while it serves an invocation; code that nobody waited for runs on only then.</summary>
    public bool IsAwake { get; private set; }

    /// <summary>True when it was destroyed, after a timeout or a crash: its code never runs again.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Told what ended the process of the environment: what threw, and the exception.</summary>
    public required Action<HandlerEnvironment, string, Exception> Died { get; init; }

    /// <summary>An invocation begins: what was frozen goes on.</summary>
    public void Wake(InvocationScope scope)
    {
        IsAwake = true;
        Served = scope;
        Own ??= new InvocationScope(world, this, scope.Invocation, OwnSubject + Number, 0);
        foreach (Action code in _frozen)
            world.Pump.Post(code, scope);
        _frozen.Clear();
    }

    /// <summary>The handler; the first invocation makes it, as a cold start does.</summary>
    /// <exception cref="Exception">Whatever the user's constructor throws.</exception>
    public BoundFunction Function => _function ??= Construct();

    /// <summary>The invocation is over.</summary>
    public void Sleep() => IsAwake = false;

    /// <summary>Keeps code for the next invocation.</summary>
    public void Freeze(Action code) => _frozen.Add(code);

    public void Destroy()
    {
        (IsAwake, IsGone) = (false, true);
        _frozen.Clear();
    }

    // Above those of records and of windows.
    private const long OwnSubject = 1L << 41;

    // Without a synchronization context, as in a process of its own: a constructor can only block when it calls something async.
    private BoundFunction Construct()
    {
        var given = new ExecutionEnvironment(world.Time, new Effects(), Number) { EffectsTaken = world.Ledger.Expect };
        InvocationScope.Current = Own;
        BlockedCode.OfThread?.Enter($"The constructor of environment {Number}");
        try
        {
            return world.Scenario.HandlerOf(given);
        }
        finally
        {
            BlockedCode.OfThread?.Leave();
            InvocationScope.Current = null;
        }
    }
}
