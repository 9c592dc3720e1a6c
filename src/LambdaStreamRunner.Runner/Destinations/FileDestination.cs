using System.Buffers;
using System.Collections.Concurrent;
using LambdaStreamRunner.Core.Contracts;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>Appends AWS's document for each discarded batch to a file, one per line.</summary>
/// <remarks>Shards and mappings may share a file: whole lines are appended one after the other.</remarks>
public sealed class FileDestination(string path, DiscardedBatchWriter writer) : IOnFailureDestination
{
    // One gate per file of this process, since two writers of one file would tear each other's lines.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _gate = Gates.GetOrAdd(Path.GetFullPath(path), _ => new SemaphoreSlim(1));

    /// <inheritdoc/>
    public async Task DeliverAsync(DiscardedBatch batch, CancellationToken abandon)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        writer.Write(batch, line);
        line.Write("\n"u8);
        await _gate.WaitAsync(abandon);
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
            await AppendWholeAsync(file, line.WrittenMemory, abandon);
        }
        finally
        {
            _gate.Release();
        }
    }

    // A full disk or an abandoned write must not leave half a line for the next document to go on with.
    private static async Task AppendWholeAsync(FileStream file, ReadOnlyMemory<byte> line, CancellationToken abandon)
    {
        long length = file.Length;
        try
        {
            await file.WriteAsync(line, abandon);
        }
        catch
        {
            file.SetLength(length);
            throw;
        }
    }
}
