using System.Text;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>What a trace is written in.</summary>
internal enum TraceFormat
{
    /// <summary>Lines of comma-separated values below a header.</summary>
    Csv,

    /// <summary>Lines of JSON.</summary>
    Ndjson,

    /// <summary>What the aws CLI prints of CloudWatch metrics.</summary>
    CloudWatchJson,

    /// <summary>What CloudWatch's console gives to download.</summary>
    CloudWatchCsv,
}

/// <summary>A trace as bytes, packed or not, and what they are: their beginning tells.</summary>
internal sealed class TraceInput : IAsyncDisposable
{
    private const int HeadLength = 4096;

    private readonly Stream _source;

    private TraceInput(Stream source, Stream content, TraceFormat format) => (_source, Content, Format) = (source, content, format);

    /// <summary>The unpacked bytes.</summary>
    public Stream Content { get; }

    /// <summary>What they are.</summary>
    public TraceFormat Format { get; }

    /// <summary>How much of the file has been read, 0 to 1; null when it is no file.</summary>
    public double? Share => _source is FileStream { CanSeek: true, Length: > 0 } file ? file.Position / (double)file.Length : null;

    /// <summary>Opens a file, or standard input.</summary>
    /// <param name="path">The file, or '-'.</param>
    /// <param name="name">What people are told that it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="TraceException">It is packed and not whole; found here or while it is read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<TraceInput> OpenAsync(string path, string name, CancellationToken cancellation)
    {
        Stream source = InputFile.Open(path);
        try
        {
            var content = new PeekedStream(source);
            ReadOnlyMemory<byte> head = await content.PeekAsync(HeadLength, cancellation);
            if (head.Span.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            {
                content = new PeekedStream(new GzipContent(content, name));
                head = await content.PeekAsync(HeadLength, cancellation);
            }
            return new TraceInput(source, content, FormatOf(head.Span));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static TraceFormat FormatOf(ReadOnlySpan<byte> head)
    {
        string text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        bool isTrace = text.Contains(TraceFields.TimeMsName, StringComparison.OrdinalIgnoreCase);
        if (text.StartsWith('{') || text.StartsWith('['))
        {
            bool isMetric = text.Contains("\"MetricDataResults\"", StringComparison.Ordinal) || text.Contains("\"Datapoints\"", StringComparison.Ordinal);
            return isMetric && !isTrace ? TraceFormat.CloudWatchJson : TraceFormat.Ndjson;
        }
        return !isTrace && text.Contains("IncomingRecords", StringComparison.Ordinal) ? TraceFormat.CloudWatchCsv : TraceFormat.Csv;
    }
}
