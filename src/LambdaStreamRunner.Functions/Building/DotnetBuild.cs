using System.ComponentModel;
using System.Diagnostics;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>Runs <c>dotnet build</c> and turns its failure into one message.</summary>
internal sealed class DotnetBuild(string dotnetCommand)
{
    /// <summary>Compiler errors quoted at most.</summary>
    private const int ErrorsMax = 20;

    /// <summary>Lines of output kept at most.</summary>
    private const int LinesMax = 2_000;

    /// <summary>Builds a project. However that ends, nothing writes into its folders afterwards.</summary>
    /// <exception cref="FunctionLoadException">There is no SDK, or the build failed.</exception>
    public async Task RunAsync(string project, string[] arguments, CancellationToken stopping)
    {
        using Process process = Start(project, arguments);
        try
        {
            Task<List<string>> errors = LinesOfAsync(process.StandardError, stopping);
            List<string> output = await LinesOfAsync(process.StandardOutput, stopping);
            output.AddRange(await errors);
            await process.WaitForExitAsync(stopping);
            if (process.ExitCode != 0)
                throw new FunctionLoadException($"Building '{Path.GetFileName(project)}' failed:{Environment.NewLine}{Summary(output, Path.GetDirectoryName(project)!)}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(string project, string[] arguments)
    {
        var start = new ProcessStartInfo(dotnetCommand)
        {
            WorkingDirectory = Path.GetDirectoryName(project),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in (string[])["build", project, "-nologo", "-v:quiet", "-clp:NoSummary", "-tl:off", .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach (string inherited in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(inherited);                      // of the 'dotnet run' that may have started this process
        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception missing)
        {
            throw new FunctionLoadException($"Building '{Path.GetFileName(project)}' needs the .NET SDK, and '{dotnetCommand}' cannot be started: {missing.Message}. Install it, or give CodeUri a built folder.", missing);
        }
    }

    private static async Task<List<string>> LinesOfAsync(StreamReader reader, CancellationToken stopping)
    {
        List<string> lines = [];
        while (await reader.ReadLineAsync(stopping) is { } line)
        {
            if (lines.Count < LinesMax && !string.IsNullOrWhiteSpace(line))
                lines.Add(line.Trim());
        }
        return lines;
    }

    /// <summary>The errors, each once, with paths relative to the project; or the end of the output when nothing is called an error.</summary>
    private static string Summary(List<string> output, string folder)
    {
        string[] errors = [.. output.Where(IsError).Select(line => Shortened(line, folder)).Distinct()];
        IEnumerable<string> shown = errors.Length > 0 ? errors.Take(ErrorsMax) : output.TakeLast(ErrorsMax);
        string more = errors.Length > ErrorsMax ? $"{Environment.NewLine}  and {errors.Length - ErrorsMax} more" : "";
        return string.Join(Environment.NewLine, shown.Select(line => $"  {line}")) + more;
    }

    private static string Shortened(string line, string folder)
    {
        int project = line.LastIndexOf(" [", StringComparison.Ordinal);
        string text = project > 0 && line.EndsWith(']') ? line[..project] : line;
        return text.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }

    /// <summary>"File.cs(1,2): error CS0103: ...", "MSBUILD : error MSB1009: ...", or "error NU1101: ...".</summary>
    private static bool IsError(string line) =>
        line.Contains(": error ", StringComparison.Ordinal) || line.StartsWith("error ", StringComparison.Ordinal);
}
