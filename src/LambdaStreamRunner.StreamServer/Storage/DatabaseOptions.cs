using System.Runtime.InteropServices;
using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>How RocksDB is set up. Altogether it takes less than 100 MB of memory, however much it holds.</summary>
internal static class DatabaseOptions
{
    private const ulong MemtableBytes = 16 << 20;
    private const int Memtables = 3;
    private const ulong BlockCacheBytes = 8 << 20;
    private const int OpenFilesMax = 256;
    private const ulong BlobBytesMin = 4 << 10;               // smaller values are cheaper to move than to look up
    private const ulong BlobFileBytes = 64 << 20;
    private const int ForceBlobCollection = 0;
    private const byte ForceBottommost = 2;

    // A delegate that native code calls must not be collected while any database lives.
    private static readonly List<LoggerCallbackDelegate> Loggers = [];

    /// <param name="torn">Told what recovery cut off the end of the write-ahead log.</param>
    public static DbOptions Create(Action<string> torn)
    {
        DbOptions options = new DbOptions()
            .SetCreateIfMissing(true)
            .SetWriteBufferSize(MemtableBytes)
            .SetMaxWriteBufferNumber(Memtables)
            .SetMaxOpenFiles(OpenFilesMax)
            .SetCompression(Compression.No)
            .SetWalRecoveryMode(Recovery.PointInTime)
            .SetBlockBasedTableFactory(new BlockBasedTableOptions().SetBlockCache(Cache.CreateLru(BlockCacheBytes)))
            .SetInfoLog(CreateLogger(torn));
        Native native = Native.Instance;
        native.rocksdb_options_set_enable_blob_files(options.Handle, 1);
        native.rocksdb_options_set_min_blob_size(options.Handle, BlobBytesMin);
        native.rocksdb_options_set_blob_file_size(options.Handle, BlobFileBytes);
        return options;
    }

    /// <summary>Moves what lives in blob files that are mostly garbage: streams of different retention shared them.</summary>
    public static void RewriteBlobs(RocksDb rocks)
    {
        Native native = Native.Instance;
        IntPtr options = native.rocksdb_compactoptions_create();
        try
        {
            native.rocksdb_compactoptions_set_blob_garbage_collection_policy(options, ForceBlobCollection);
            native.rocksdb_compactoptions_set_blob_garbage_collection_age_cutoff(options, 1);
            native.rocksdb_compactoptions_set_bottommost_level_compaction(options, ForceBottommost);
            native.rocksdb_compact_range_opt(rocks.Handle, options, IntPtr.Zero, UIntPtr.Zero, IntPtr.Zero, UIntPtr.Zero);
        }
        finally
        {
            native.rocksdb_compactoptions_destroy(options);
        }
    }

    // RocksDB says only in its log what it dropped: "... dropping 4711 bytes; Corruption: truncated record body".
    private static IntPtr CreateLogger(Action<string> torn)
    {
        LoggerCallbackDelegate callback = (_, _, message, length) =>
        {
            string text = Marshal.PtrToStringUTF8(message, (int)length);
            int dropped = text.IndexOf("dropping ", StringComparison.Ordinal);
            if (dropped >= 0)
                torn(text[dropped..].TrimEnd());
        };
        lock (Loggers)
            Loggers.Add(callback);
        return Native.Instance.rocksdb_logger_create_callback_logger((int)InfoLogLevel.Warn, callback, IntPtr.Zero);
    }
}
