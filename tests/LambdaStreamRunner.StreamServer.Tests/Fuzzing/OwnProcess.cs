using System.Diagnostics;
using System.Globalization;

namespace LambdaStreamRunner.StreamServer.Tests.Fuzzing;

/// <summary>Runs a test alone in a process of its own: what it measures of the process is then nobody else's.</summary>
internal static class OwnProcess
{
    private const string SeedVariable = "LAMBDA_STREAM_TEST_SEED";

    /// <summary>Nothing here takes so long unless it hangs; a loaded machine is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The seed of the test that this process is for; null in the process of all tests.</summary>
    public static int? Seed => int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out int seed) ? seed : null;

    /// <summary>Runs the calling test again, alone and with a seed; fails as it fails.</summary>
    public static async Task RunAsync(Type testClass, string test, int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        string host = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [testClass.Assembly.Location] : [];
        var start = new ProcessStartInfo(host, [.. program, "--filter-method", $"{testClass.FullName}.{test}", "--progress", "off"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[SeedVariable] = seed.ToString(CultureInfo.InvariantCulture);

        using Process process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await using CancellationTokenRegistration end = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);

        string said = await output + await errors;
        Assert.True(process.ExitCode == 0, $"seed {seed} ({SeedVariable}={seed} runs it again): {said}");
        Assert.Contains("succeeded: 1", said, StringComparison.Ordinal);
    }
}
