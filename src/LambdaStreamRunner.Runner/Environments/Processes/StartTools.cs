using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>
/// Programs of the system that a process is started through, each replacing itself with the next, so that the id stays: <c>setpriv</c> (it dies with the
/// thread that starts it), <c>setsid</c> (a session and a group of its own), <c>sh</c> (standard input and output, cgroup). What is missing is left out.
/// </summary>
/// <param name="SetPriv">util-linux' setpriv; null when there is none that knows <c>--pdeathsig</c>.</param>
/// <param name="SetSid">util-linux' or busybox' setsid.</param>
/// <param name="Shell">A POSIX shell; null on Windows.</param>
internal sealed record StartTools(string? SetPriv, string? SetSid, string? Shell)
{
    private const string ShellPath = "/bin/sh";
    private const string SearchPath = "/usr/bin:/bin:/usr/sbin:/sbin";

    /// <summary>Standard error goes where standard output goes, so that lines keep their order; then into the cgroup that the first argument names, if any.</summary>
    private const string Script = """
        exec </dev/null 2>&1
        if [ -n "$1" ]; then echo 0 >"$1" || exit 125; fi
        shift
        exec "$@"
        """;

    /// <summary>What this machine has.</summary>
    public static StartTools OfThisMachine()
    {
        if (OperatingSystem.IsWindows() || !File.Exists(ShellPath))
            return new StartTools(null, null, null);
        return new StartTools(
            Programs.FindByName("setpriv", SearchPath) is { } setPriv && Runs(setPriv, "--pdeathsig", "KILL", "--", ShellPath, "-c", ":") ? setPriv : null,
            Programs.FindByName("setsid", SearchPath),
            ShellPath);
    }

    /// <summary>The command that runs a program through them.</summary>
    /// <param name="program">Full path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cgroup">File that takes the process; empty: it stays where it is.</param>
    public ImmutableArray<string> CommandFor(string program, IEnumerable<string> arguments, string cgroup)
    {
        List<string> command = [];
        if (SetPriv is not null)
            command.AddRange([SetPriv, "--pdeathsig", "KILL", "--"]);
        if (SetSid is not null)
            command.Add(SetSid);
        if (Shell is not null)
            command.AddRange([Shell, "-c", Script, "sh", cgroup]);
        return [.. command, program, .. arguments];
    }

    private static bool Runs(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;   // It is there for others: root, another processor.
        }
    }
}
