using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Reads traces.</summary>
internal static class TraceFile
{
    /// <summary>Lines between two words about progress.</summary>
    private const int ProgressEvery = 256 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a trace to its end; what does not fit into memory goes into a temporary file.</summary>
    /// <param name="path">A file, or '-' for standard input.</param>
    /// <param name="reading">How it is read.</param>
    /// <param name="progress">Hears from time to time how far it is.</param>
    /// <param name="cancellation">Ends it; no temporary file stays.</param>
    /// <exception cref="TraceException">It is no trace, or has bad lines.</exception>
    /// <exception cref="IOException">It cannot be read, or the temporary file cannot be written.</exception>
    public static async Task<OpenedTraffic> OpenAsync(string path, TraceReading reading, Action<TraceProgress>? progress, CancellationToken cancellation)
    {
        string source = path == Verbs.InputFile.StandardInput ? "standard input" : Path.GetFileName(path);
        await using TraceInput input = await TraceInput.OpenAsync(path, source, cancellation);
        return input.Format is TraceFormat.Csv or TraceFormat.Ndjson
            ? await LinesAsync(source, input, reading, progress ?? (_ => { }), cancellation)
            : await CloudWatchExport.OpenAsync(source, input, reading, cancellation);
    }

    private static async Task<OpenedTraffic> LinesAsync(string source, TraceInput input, TraceReading reading, Action<TraceProgress> progress, CancellationToken cancellation)
    {
        using var lines = new LineReader(input.Content);
        using var builder = new TraceBuilder(source, reading);
        TraceLineParser? parser = input.Format is TraceFormat.Ndjson ? new NdjsonLineParser() : null;
        while (await lines.ReadAsync(cancellation))
        {
            Line line = lines.Current;
            ReadOnlyMemory<byte> data = line.Number == 1 && line.Data.Span.StartsWith(ByteOrderMark) ? line.Data[ByteOrderMark.Length..] : line.Data;
            if (line.IsTooLong)
                builder.Mistakes.Add(line.Number, $"has {line.Length} bytes; no line of a trace is so long.");
            else if (data.IsEmpty)
                continue;
            else if (parser is null)
                parser = CsvLineParser.Below(source, data.Span);
            else if (parser.Parse(data.Span, out Arrival arrival) is { } mistake)
                builder.Mistakes.Add(line.Number, mistake);
            else
                builder.Add(arrival, line.Number);
            if (line.Number % ProgressEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress(new TraceProgress(line.Number, input.Share));
            }
        }
        return builder.Complete(parser?.Arrivals ?? new ArrivalParser());
    }
}
