namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>Reads what a process writes, as fast as its lines are taken.</summary>
internal static class ProcessOutput
{
    private const int ReadBytesMax = 16 * 1024;

    /// <summary>Delivers all lines until the last process that could write has closed its end.</summary>
    /// <param name="output">The reading end of its standard output.</param>
    /// <param name="line">Receives each line.</param>
    /// <param name="giveUp">Ends the reading before that; what was read is delivered.</param>
    public static async Task ReadAsync(Stream output, Action<string> line, CancellationToken giveUp)
    {
        var lines = new LineSplitter(line);
        var buffer = new byte[ReadBytesMax];
        try
        {
            while (await output.ReadAsync(buffer, giveUp) is var count and > 0)
                lines.Add(buffer.AsSpan(0, count));
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // Something that could not be ended holds the other end.
        }
        lines.End();
    }
}
