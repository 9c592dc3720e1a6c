using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>Asks a program on the PATH about itself: version managers put scripts there that choose, or refuse to.</summary>
internal static class Interpreter
{
    /// <summary>An interpreter answers in a fraction of a second; a script that waits for an answer never does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Answers, by what was asked: they stay as they are while this process runs, and each costs a start of the interpreter.</summary>
    private static readonly ConcurrentDictionary<string, string[]> Answers = new(StringComparer.Ordinal);

    /// <summary>What it prints, line by line; null when there is no such program, or it fails.</summary>
    /// <param name="program">A name on the PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Set for it, over those of this process.</param>
    /// <param name="stopping">Ends it.</param>
    public static async Task<string[]?> AskAsync(string program, string[] arguments, (string Name, string Value)[] variables, CancellationToken stopping)
    {
        string question = string.Join('\n', [Environment.GetEnvironmentVariable("PATH"), program, .. arguments, .. variables.Select(variable => variable.Value)]);
        if (Answers.TryGetValue(question, out string[]? known))
            return known;
        string[]? answer = await AskNowAsync(program, arguments, variables, stopping);
        return answer is null ? null : Answers.GetOrAdd(question, answer);
    }

    private static async Task<string[]?> AskNowAsync(string program, string[] arguments, (string Name, string Value)[] variables, CancellationToken stopping)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process? process = Started(start);
        if (process is null)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try
        {
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await errors;
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process? Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;                                      // not there, or not to be executed
        }
    }
}
