using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>An execution environment: one instance of the handler, one invocation at a time, frozen in between.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"/>.</remarks>
internal sealed class HandlerEnvironment(int number, BoundFunction function)
{
    private readonly List<Action> _frozen = [];

    /// <summary>Its number in the world, from 0.</summary>
    public int Number { get; } = number;

    /// <summary>The handler.</summary>
    public BoundFunction Function { get; } = function;

    /// <summary>True while it serves an invocation; code that nobody waited for runs on only then.</summary>
    public bool IsAwake { get; private set; }

    /// <summary>True when it was destroyed, after a timeout or a crash: its code never runs again.</summary>
    public bool IsGone { get; private set; }

    /// <summary>An invocation begins: what was frozen goes on.</summary>
    public void Wake(Pump pump, InvocationScope scope)
    {
        IsAwake = true;
        foreach (Action code in _frozen)
            pump.Post(code, scope);
        _frozen.Clear();
    }

    /// <summary>The invocation is over.</summary>
    public void Sleep() => IsAwake = false;

    /// <summary>Keeps code for the next invocation.</summary>
    public void Freeze(Action code) => _frozen.Add(code);

    public void Destroy()
    {
        (IsAwake, IsGone) = (false, true);
        _frozen.Clear();
    }
}
