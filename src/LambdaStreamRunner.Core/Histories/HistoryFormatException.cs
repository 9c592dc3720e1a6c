namespace LambdaStreamRunner.Core.Histories;

/// <summary>A file is no history, or one of its lines cannot be read.</summary>
/// <param name="line">Number of the line, from 1.</param>
/// <param name="problem">What is wrong there: the rest of a sentence about the line.</param>
/// <param name="inner">What went wrong underneath.</param>
public sealed class HistoryFormatException(int line, string problem, Exception? inner = null) : Exception($"Line {line} {problem}", inner)
{
    /// <summary>Number of the line, from 1.</summary>
    public int Line { get; } = line;
}
