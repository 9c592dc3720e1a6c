using LambdaStreamRunner.Mutations.Driver;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>The explorations that find planted bugs find none in the core as it is, compiled and loaded in the same way.</summary>
public class UnbrokenCoreTests
{
    public static TheoryData<string> Worlds => [.. Exploring.Names];

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task The_core_as_it_is_keeps_every_promise(string world)
    {
        var context = new CoreContext(CoreSources.Compile());

        string[]? broken = await context.ExploreAsync(world);

        context.Unload();
        Assert.Null(broken?[^1]);
    }
}
