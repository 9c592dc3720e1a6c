using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>What a test that goes step by step did; the same steps make the same run again.</summary>
/// <param name="Kind">What.</param>
/// <param name="Time">For how long, at most.</param>
/// <param name="Record">What was put.</param>
internal sealed record TestStep(TestStepKind Kind, TimeSpan Time = default, TestRecord? Record = null)
{
    /// <summary>Does it, in a world of this thread; false when it was to settle everything and could not.</summary>
    public bool Take(TestWorld world)
    {
        switch (Kind)
        {
            case TestStepKind.Put:
                world.Put(Record!);
                return true;
            case TestStepKind.Crash:
                world.Loop.Crash();
                return true;
            case TestStepKind.Advance:
                world.RunUntil(world.Loop.Now + Time);
                return true;
            default:
                return world.TryRunUntilDone(world.Loop.Now + Time);
        }
    }
}

/// <summary>The steps that a test can take.</summary>
internal enum TestStepKind
{
    /// <summary>A record is put.</summary>
    Put,

    /// <summary>Time passes.</summary>
    Advance,

    /// <summary>Time passes until everything is settled.</summary>
    Settle,

    /// <summary>The process dies.</summary>
    Crash,
}
