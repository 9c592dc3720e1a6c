using System.Diagnostics;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Reports;

/// <summary>A shell with credentials that mean nothing, for scripts of the aws CLI.</summary>
internal static class AwsShell
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string script)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (string Name, string Value)[] variables =
        [
            ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_CONFIG_FILE", "/dev/null"), ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"), ("AWS_PAGER", ""), ("NO_PROXY", "127.0.0.1"),
        ];
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process shell = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(LambdaStream.Patience);
        await using CancellationTokenRegistration end = patience.Token.Register(() => shell.Kill(entireProcessTree: true));
        Task<string> output = shell.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = shell.StandardError.ReadToEndAsync(CancellationToken.None);
        await shell.WaitForExitAsync(CancellationToken.None);
        return (shell.ExitCode, await output, await errors);
    }
}
