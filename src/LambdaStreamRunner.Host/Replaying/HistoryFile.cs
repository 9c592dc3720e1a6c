using System.Buffers;
using System.IO.Pipelines;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>A history in a file: the journal of a run, or what the testing library wrote.</summary>
internal static class HistoryFile
{
    /// <summary>Reads it line by line.</summary>
    /// <exception cref="HistoryFormatException">It is no history, or a line cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<History> ReadAsync(string path, CancellationToken cancellation)
    {
        await using Stream file = InputFile.Open(path);
        PipeReader pipe = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var reader = new HistoryReader();
        while (true)
        {
            ReadResult read = await pipe.ReadAsync(cancellation);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                reader.ReadLine(Whole(rest.Slice(0, end)));
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (read.IsCompleted)
            {
                if (!rest.IsEmpty)
                    reader.ReadRest(Whole(rest));
                return reader.ToHistory();
            }
            pipe.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static ReadOnlyMemory<byte> Whole(ReadOnlySequence<byte> line) => line.IsSingleSegment ? line.First : line.ToArray();
}
