using LambdaStreamRunner.Mutations.Driver;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>The testing library finds bugs that are planted in a copy of the core, and finds none in the core as it is.</summary>
public class MutationTests(Hunt hunt) : IClassFixture<Hunt>
{
    public static TheoryData<string> Names => [.. Mutations.All.Select(mutation => mutation.Name)];

    public static TheoryData<string> Worlds => [.. Exploring.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutation_is_caught_by_a_promise(string name) =>
        Assert.True(hunt[name].Promise is not null, $"{name} {hunt[name].Message}");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_text_that_a_mutation_replaces_occurs_once(string name)
    {
        Mutation mutation = Mutations.All.Single(mutation => mutation.Name == name);

        Assert.Equal(2, CoreSources.Read(mutation.File).Split(mutation.Old).Length);
    }

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
