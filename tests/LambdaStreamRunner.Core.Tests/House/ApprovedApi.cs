using System.Reflection;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>Compares what an assembly offers with a text that somebody has read.</summary>
internal static class ApprovedApi
{
    private const string Accept = "ACCEPT_PUBLIC_API";

    /// <param name="assembly">The assembly.</param>
    /// <param name="tests">The project of tests that keeps the text.</param>
    /// <param name="file">The text, from the folder of that project.</param>
    public static void Check(Assembly assembly, string tests, string file)
    {
        string path = Path.Combine(Repository.Root, "tests", tests, file);
        string[] actual = PublicApi.Describe(assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(path, string.Join('\n', actual) + "\n");
        string[] approved = File.Exists(path) ? File.ReadAllLines(path) : [];

        string difference = string.Join('\n', [.. approved.Except(actual).Select(line => "- " + line), .. actual.Except(approved).Select(line => "+ " + line)]);
        Assert.True(
            difference.Length == 0,
            $"The public API of {assembly.GetName().Name} has changed:\n{difference}\nIf that is meant: {Accept}=1 dotnet run --project tests/{tests}, and commit the text file.");
    }
}
