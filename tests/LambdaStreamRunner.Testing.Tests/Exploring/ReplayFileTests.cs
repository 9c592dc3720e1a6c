using LambdaStreamRunner.Testing.Exploring;

namespace LambdaStreamRunner.Testing.Tests.Exploring;

public class ReplayFileTests
{
    [Fact]
    public async Task Tests_of_the_same_name_have_files_of_their_own()
    {
        StreamTestException one = await FailureOf("alpha", "Keeps_order");
        StreamTestException other = await FailureOf("beta", "Keeps_order");
        StreamTestException again = await FailureOf("alpha", "Keeps_order");

        Assert.NotEqual(one.ReplayFile, other.ReplayFile);
        Assert.Equal(one.ReplayFile, again.ReplayFile);
        File.Delete(one.ReplayFile!);
        File.Delete(other.ReplayFile!);
    }

    [Fact]
    public async Task A_long_name_is_cut()
    {
        StreamTestException failure = await FailureOf("alpha", new string('x', 300));

        Assert.True(File.Exists(failure.ReplayFile));
        File.Delete(failure.ReplayFile);
    }

    [Fact]
    public void A_failure_that_cannot_be_stored_is_told_all_the_same()
    {
        string folder = Path.GetTempFileName();               // a file where the folder should be
        Trial found = Trial.Of(new Testing.Worlds.TestScenario { HandlerOf = _ => throw new InvalidOperationException("no handler") }, new Expectations(), [], seed: 1);
        Trial broken = found with { Broken = [new BrokenPromise("Order.Effects", "In order.", null, "is not", null)] };

        (string? file, string? problem) = ReplayFile.Write(folder, new FailureReport("test", broken, new Shrunk(broken, 0, IsRepeatable: true), null));

        Assert.Null(file);
        Assert.Contains("could not be written", problem, StringComparison.Ordinal);
        File.Delete(folder);
    }

    [Fact]
    public async Task To_print_an_environment_is_not_to_take_its_effects() =>
        await StreamTest.For(environment =>
        {
            Assert.Equal("execution environment 0", environment.ToString());
            return (Stream _) => { };
        }).Given(Records.Of("order-1", "placed")).Explore(1).RunAsync();

    private static Task<StreamTestException> FailureOf(string key, string test) => Assert.ThrowsAsync<StreamTestException>(
        () => StreamTest.For(environment => (Stream _) => environment.Effects.Of(key)).Given(Records.Of(key, key)).Explore(1).RunAsync(test));
}
