using System.Buffers;
using System.IO.Pipelines;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Host.Verbs;

namespace LambdaStreamRunner.Host.Replaying;

/// <summary>A history in a file: the journal of a run, or what the testing library wrote.</summary>
internal static class HistoryFile
{
    /// <summary>Longest first line: a title and a seed. What is longer is a file of something else, which need not be read to be refused.</summary>
    private const int HeaderLengthMax = 64 * 1024;

    /// <summary>Longest other line: several times the largest record.</summary>
    private const int LineLengthMax = 64 * 1024 * 1024;

    /// <summary>Reads it line by line.</summary>
    /// <exception cref="HistoryFormatException">It is no history, or a line cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<History> ReadAsync(string path, CancellationToken cancellation)
    {
        await using Stream file = InputFile.Open(path);
        PipeReader pipe = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var reader = new HistoryReader();
        int lines = 0;
        long searched = 0;                                    // of the line that has no end yet
        while (true)
        {
            ReadResult read = await pipe.ReadAsync(cancellation);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (rest.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                reader.ReadLine(Whole(rest.Slice(0, end)));
                rest = rest.Slice(rest.GetPosition(1, end));
                (lines, searched) = (lines + 1, 0);
            }
            RefuseLong(rest, lines + 1);
            searched = rest.Length;
            if (read.IsCompleted)
            {
                if (!rest.IsEmpty)
                    reader.ReadRest(Whole(rest));
                return reader.ToHistory();
            }
            pipe.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static void RefuseLong(ReadOnlySequence<byte> rest, int line)
    {
        int lengthMax = line == 1 ? HeaderLengthMax : LineLengthMax;
        if (rest.Length > lengthMax)
            throw new HistoryFormatException(line, $"has no end within {lengthMax / 1024:N0} KiB: this is no history of lambda-stream, or it is damaged.");
    }

    private static ReadOnlyMemory<byte> Whole(ReadOnlySequence<byte> line) => line.IsSingleSegment ? line.First : line.ToArray();
}
