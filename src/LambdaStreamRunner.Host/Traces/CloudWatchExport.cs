using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>An export of the metrics IncomingRecords and IncomingBytes as a coarse trace: how many records came in each period, and how large they were.</summary>
internal static class CloudWatchExport
{
    /// <summary>Makes random traffic of it: a Poisson process in each period, with keys as the reading says.</summary>
    /// <exception cref="TraceException">It holds no such metrics.</exception>
    public static async Task<OpenedTraffic> OpenAsync(string source, TraceInput input, TraceReading reading, CancellationToken cancellation)
    {
        byte[] content = await ContentAsync(source, input.Content, cancellation);
        MetricSeries series = input.Format is TraceFormat.CloudWatchJson ? CloudWatchJson.Read(source, content) : CloudWatchCsv.Read(source, content);
        CoarseTrace coarse = CoarseTrace.Of(source, series, reading);
        return new OpenedTraffic(coarse.Traffic, null, coarse.Warnings);
    }

    /// <summary>Most bytes of an export: a month of minutes has less than 4 MiB.</summary>
    private const int BytesMax = 64 * 1024 * 1024;

    private static async Task<byte[]> ContentAsync(string source, Stream content, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
        {
            whole.Write(buffer, 0, read);
            if (whole.Length > BytesMax)
                throw new TraceException($"{source} is longer than {BytesMax / 1024 / 1024} MiB; an export of CloudWatch is not so long.");
        }
        return whole.ToArray();
    }
}
