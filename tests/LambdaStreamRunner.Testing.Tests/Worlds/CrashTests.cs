using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>A mapping that dies begins again where it would on AWS.</summary>
public class CrashTests
{
    [Fact]
    public async Task LATEST_is_the_same_place_after_a_crash_before_the_first_checkpoint()
    {
        StreamTest test = StreamTest.For(new EventSourceMapping { StartingPosition = StartingPosition.Latest })
            .FunctionTakes(TimeSpan.FromSeconds(2));
        await test.AdvanceAsync(TimeSpan.FromSeconds(1));
        test.Put("key", "r1");
        await test.AdvanceAsync(TimeSpan.FromSeconds(1));

        await test.CrashAsync();
        await test.RunUntilIdleAsync();

        Assert.Equal(["r1", "r1"], test.Invocations);
    }
}
