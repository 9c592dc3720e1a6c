using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Host.Logs;

/// <summary>What is heard of all functions and their environments, in one stream.</summary>
internal sealed class FunctionLog : IDisposable
{
    private readonly LogOutput _output;

    /// <summary>A log that has begun.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="format">How each line is written.</param>
    /// <param name="warn">Receives warnings instead; null: they are lines of the log.</param>
    public FunctionLog(TextWriter output, ILogFormat format, Action<string>? warn = null)
    {
        _output = new LogOutput(output);
        Listener = new FunctionListener
        {
            LogLine = line => _output.Add(line, format.Write),
            InitReport = report => _output.Add(report, format.Write),
            Notice = notice => _output.Add(new Remark("Information", notice), format.Write),
            Warning = warn ?? (warning => _output.Add(new Remark("Warning", warning), format.Write)),
        };
        WithReports = Listener with { Report = report => _output.Add(report, format.Write) };
    }

    /// <summary>What functions are given to log to.</summary>
    public FunctionListener Listener { get; }

    /// <summary>The same, and it hears of every invocation.</summary>
    public FunctionListener WithReports { get; }

    /// <summary>Why a part of the log is missing, for people; null when nothing is.</summary>
    public string? Problem => _output.Problem;

    /// <summary>Waits until everything so far is written: what others write then comes after it.</summary>
    public void Flush() => _output.Flush();

    /// <summary>Writes what is left.</summary>
    public void Dispose() => _output.Dispose();
}
