using LambdaStreamRunner.Testing;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>The testing library finds bugs that are planted in a copy of the core.</summary>
public class MutationTests(Hunt hunt) : IClassFixture<Hunt>
{
    public static TheoryData<string> Names => [.. Mutations.All.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutation_is_caught_by_the_promise_that_it_breaks(string name)
    {
        Mutation mutation = Mutations.All.Single(mutation => mutation.Name == name);

        Assert.True(hunt[name].Promise == mutation.Promise, $"{name} {mutation.Promise} is broken, and {hunt[name].Promise ?? "nothing"} was named: {hunt[name].Message}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_mutation_breaks_is_a_promise(string name)
    {
        string promise = Mutations.All.Single(mutation => mutation.Name == name).Promise;

        Assert.True(promise is Mutation.MachineRefuses || promise.StartsWith('"') || Promise.All.Any(one => one.Name == promise), promise);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_text_that_a_mutation_replaces_occurs_once(string name)
    {
        Mutation mutation = Mutations.All.Single(mutation => mutation.Name == name);

        Assert.Equal(2, CoreSources.Read(mutation.File).Split(mutation.Old).Length);
    }
}
