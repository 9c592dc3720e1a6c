using System.Runtime.InteropServices;
using LambdaStreamRunner.Simulation.Traffic;
using Microsoft.Win32.SafeHandles;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Arrivals in a temporary file, 32 bytes each. It is gone when this is disposed, or when the process is, however that ends.</summary>
/// <remarks>Read and written in blocks; mapped into memory its pages would count as ours.</remarks>
internal sealed class ArrivalFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Arrival[] _pending = new Arrival[StreamTraffic.BlockMax];
    private int _pendingCount;
    private long _written;

    private ArrivalFile(SafeFileHandle file) => _file = file;

    /// <summary>How many arrivals it holds.</summary>
    public long Count => _written + _pendingCount;

    /// <summary>A new file in the folder of temporary files.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public static ArrivalFile Create()
    {
        string path = Path.Combine(Path.GetTempPath(), $"lambda-stream-trace-{Path.GetRandomFileName()}");
        SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);                                // an open file needs no name there; without one nothing is left behind by kill -9 either
        return new ArrivalFile(file);
    }

    public void Append(ReadOnlySpan<Arrival> arrivals)
    {
        while (!arrivals.IsEmpty)
        {
            int count = Math.Min(arrivals.Length, _pending.Length - _pendingCount);
            arrivals[..count].CopyTo(_pending.AsSpan(_pendingCount));
            _pendingCount += count;
            arrivals = arrivals[count..];
            if (_pendingCount == _pending.Length)
                Flush();
        }
    }

    /// <summary>Writes what is pending; to be called before anything is read.</summary>
    public void Flush()
    {
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(_pending.AsSpan(0, _pendingCount)), _written * OneLength);
        _written += _pendingCount;
        _pendingCount = 0;
    }

    /// <summary>Reads arrivals from a place on; fewer than fit at the end of the file.</summary>
    public int Read(long first, Span<Arrival> arrivals)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(arrivals[..(int)Math.Min(arrivals.Length, _written - first)]);
        int filled = 0;
        while (filled < bytes.Length)
        {
            int read = RandomAccess.Read(_file, bytes[filled..], (first * OneLength) + filled);
            if (read == 0)
                throw new EndOfStreamException("The temporary file of the trace is shorter than it was written.");
            filled += read;
        }
        return bytes.Length / OneLength;
    }

    public void Dispose() => _file.Dispose();

    private const int OneLength = 32;                         // of an Arrival, which a test holds
}
