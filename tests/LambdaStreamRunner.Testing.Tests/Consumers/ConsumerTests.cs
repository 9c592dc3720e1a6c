namespace LambdaStreamRunner.Testing.Tests.Consumers;

/// <summary>What a user gets: the packed library, in projects outside this repository, with the test frameworks of others.</summary>
public class ConsumerTests(PackedLibrary library) : IClassFixture<PackedLibrary>
{
    public static TheoryData<string> Frameworks => [.. ConsumerProject.TestFrameworks.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void A_proof_that_holds_passes(string framework) =>
        Assert.Equal("Passed", library.ResultOf(framework, "Orders_keep_their_order").Outcome);

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void A_proof_that_does_not_hold_fails_and_says_how_to_see_it_again(string framework)
    {
        TestResult result = library.ResultOf(framework, "Nothing_is_lost");

        Assert.Equal("Failed", result.Outcome);
        Assert.Contains("LambdaStreamRunner.Testing.StreamTestException", result.Message, StringComparison.Ordinal);
        Assert.Contains("Delivery.NothingLost is broken: ", result.Message, StringComparison.Ordinal);
        Assert.Contains("StreamTest.Replay(", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_analyzers_flag_a_handler_in_a_project_that_takes_only_them()
    {
        Assert.Contains("Function.cs(10,13): warning LSR0001", library.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(library.FilesBuiltBy("Function"), file => file.StartsWith("LambdaStreamRunner", StringComparison.Ordinal));
    }

    [Fact]
    public void The_severity_of_a_rule_is_the_user_s() => Assert.DoesNotContain("LSR0002", library.Output, StringComparison.Ordinal);

    [Fact]
    public void Tests_are_not_flagged() => Assert.DoesNotContain("Tests.cs(", library.Output, StringComparison.Ordinal);
}
