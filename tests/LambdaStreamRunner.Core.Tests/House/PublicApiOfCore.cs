using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>What Core offers changes only when somebody says so.</summary>
public class PublicApiOfCore
{
    private const string Accept = "ACCEPT_PUBLIC_API";

    private static readonly string ApprovedFile =
        Path.Combine(Repository.Root, "tests", "LambdaStreamRunner.Core.Tests", "House", "PublicApiOfCore.approved.txt");

    [Fact]
    public void The_public_api_is_the_approved_one()
    {
        string[] actual = PublicApi.Describe(typeof(ShardMachine).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(ApprovedFile, string.Join('\n', actual) + "\n");
        string[] approved = File.ReadAllLines(ApprovedFile);

        string difference = string.Join('\n', [.. approved.Except(actual).Select(line => "- " + line), .. actual.Except(approved).Select(line => "+ " + line)]);
        Assert.True(
            difference.Length == 0,
            $"The public API of Core has changed:\n{difference}\nIf that is meant: {Accept}=1 dotnet run --project tests/LambdaStreamRunner.Core.Tests, and commit the text file.");
    }
}
