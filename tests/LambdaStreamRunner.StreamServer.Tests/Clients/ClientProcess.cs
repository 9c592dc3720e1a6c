using System.Diagnostics;

namespace LambdaStreamRunner.StreamServer.Tests.Clients;

/// <summary>Runs a real client against a server of ours, with credentials that mean nothing.</summary>
internal static class ClientProcess
{
    /// <summary>Nothing here takes so long unless it hangs; a loaded machine is slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Skips the test when the client is not installed; in CI (variable CI is true) that is a failure.</summary>
    public static void Require(string program, string package) => RequireFile(program, $"apt-get install {package}");

    /// <summary>The same for what another command installs.</summary>
    public static void RequireFile(string file, string command)
    {
        if (File.Exists(file))
            return;
        string reason = $"{file} is not installed ({command}).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }

    /// <summary>What it printed; the test fails when it does not end well.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        (int exitCode, string output, string errors) = await TryAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}{errors}");
        return output;
    }

    public static async Task<(int ExitCode, string Output, string Errors)> TryAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AWS_ACCESS_KEY_ID"] = "test";
        start.Environment["AWS_SECRET_ACCESS_KEY"] = "test";
        start.Environment["AWS_DEFAULT_REGION"] = "us-east-1";
        start.Environment["AWS_REGION"] = "us-east-1";
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        start.Environment["AWS_CONFIG_FILE"] = "/dev/null";
        start.Environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
        start.Environment["AWS_PAGER"] = "";
        start.Environment.Remove("AWS_PROFILE");
        foreach (string proxy in new[] { "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy" })
            start.Environment.Remove(proxy);

        using Process process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await using CancellationTokenRegistration end = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await output, await errors);
    }
}
