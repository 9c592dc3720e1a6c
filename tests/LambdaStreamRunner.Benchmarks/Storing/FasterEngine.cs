using System.Buffers.Binary;
using FASTER.core;

namespace LambdaStreamRunner.Benchmarks.Storing;

/// <summary>One log for all shards; what lies where must be found by reading it.</summary>
internal sealed class FasterEngine : StorageEngine
{
    private readonly IDevice _device;
    private readonly FasterLog _log;

    public FasterEngine(string folder, bool synced)
    {
        // A commit writes pages through the operating system's cache unless the device is asked to pass it by.
        _device = Devices.CreateLogDevice(Path.Combine(folder, "log"), disableFileBuffering: synced);
        _log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            MemorySizeBits = 25,
            PageSizeBits = 22,
            SegmentSizeBits = 26,
        });
    }

    public override void Append(IReadOnlyList<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            byte[] entry = new byte[KeyLength + block.Content.Length];
            BinaryPrimitives.WriteInt32BigEndian(entry.AsSpan(4), block.Shard);
            BinaryPrimitives.WriteInt64BigEndian(entry.AsSpan(8), block.Index);
            block.Content.CopyTo(entry, KeyLength);
            _log.Enqueue(entry);
        }
        _log.Commit(spinWait: true);
    }

    public override long LastIndex(int shard)
    {
        long last = -1;
        using FasterLogScanIterator scan = _log.Scan(_log.BeginAddress, _log.TailAddress, recover: false);
        while (true)
        {
            while (scan.GetNext(out byte[] entry, out _, out _))
            {
                if (BinaryPrimitives.ReadInt32BigEndian(entry.AsSpan(4)) == shard)
                    last = BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(8));
            }
            if (scan.NextAddress >= _log.TailAddress)
                return last;
            scan.WaitAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    // A log ends at its oldest entry of all shards: one shard alone cannot be trimmed.
    public override void Trim(int shards, long below)
    {
        _log.TruncateUntil(_log.BeginAddress + ((_log.TailAddress - _log.BeginAddress) / 2));
        _log.Commit(spinWait: true);
    }

    public override void Dispose()
    {
        _log.Dispose();
        _device.Dispose();
    }
}
