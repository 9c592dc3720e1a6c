using LambdaStreamRunner.Mutations.Driver;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>The explorations that find planted bugs find none in the core as it is, compiled and loaded in the same way.</summary>
public class UnbrokenCoreTests(UnbrokenCoreTests.UnbrokenCore core) : IClassFixture<UnbrokenCoreTests.UnbrokenCore>
{
    public static TheoryData<string> Worlds => [.. Exploring.Names];

    [Theory]
    [MemberData(nameof(Worlds))]
    public async Task The_core_as_it_is_keeps_every_promise(string world)
    {
        string[]? broken = await core.Context.ExploreAsync(world);

        Assert.Null(broken?[^1]);
    }

    /// <summary>Loaded once: most of what a world costs is code that is compiled when it first runs.</summary>
    public sealed class UnbrokenCore : IDisposable
    {
        internal CoreContext Context { get; } = new(CoreSources.Compile());

        public void Dispose() => Context.Unload();
    }
}
