using LambdaStreamRunner.Core.Streams;
using Microsoft.Extensions.Logging;
using RocksDbSharp;

namespace LambdaStreamRunner.StreamServer.Storage;

/// <summary>RocksDB as streams need it: one writer, any number of readers, and a way back after the disk was full.</summary>
/// <remarks>
/// Large values go to blob files, which compaction does not rewrite: a block of records is written twice in its life, to the
/// write-ahead log and to a blob file. Blob files are in order of time, so retention frees them whole.
/// </remarks>
internal sealed class Database : IDisposable
{
    private const int ProbeBytes = 4 << 20;                   // beside what the log holds: a new log and a manifest need it at once

    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly WriteOptions _write;
    private readonly ReaderWriterLockSlim _life = new();      // written while the database is closed and opened again
    private RocksDb? _rocks;
    private bool _isBroken;                                   // the last write failed; writer only

    public Database(string folder, Durability durability, ILogger logger)
    {
        (_folder, _logger) = (folder, logger);
        _write = new WriteOptions().SetSync(durability is Durability.PowerCut);
        try
        {
            if (WriteAheadLog.FindHole(folder) is { } hole)
                throw Damaged(hole);
            _rocks = OpenForWriting();
        }
        catch (Exception refused) when (refused is RocksDbException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The streams in '{folder}' cannot be opened: {refused.Message.TrimEnd('.')}. "
                + "Make the folder writable or restore it from a copy, name another folder with --data, or run with --in-memory.", refused);
        }
    }

    /// <summary>Writes a batch, all or nothing. One caller at a time.</summary>
    /// <exception cref="StorageException">Nothing is written: the disk is full, for instance. The next try may succeed.</exception>
    public void Write(WriteBatch batch)
    {
        bool wasBroken = _isBroken;
        if (wasBroken)
            Revive();
        if (TryWrite(batch) is not { } failed)
            return;
        if (!wasBroken)
        {
            Revive();                                         // what failed may have been a flush of earlier records, long ago
            failed = TryWrite(batch);
        }
        if (failed is not null)
            throw NotWritten(failed);
    }

    /// <summary>The value of a key; null when there is none.</summary>
    public byte[]? Get(byte[] key)
    {
        _life.EnterReadLock();
        try
        {
            return Opened.Get(key);
        }
        catch (RocksDbException failed)
        {
            throw NotRead(failed);
        }
        finally
        {
            _life.ExitReadLock();
        }
    }

    /// <summary>Looks at keys and values in order; blocks that are read do not push anything out of a cache.</summary>
    public T Scan<T>(Func<Iterator, T> look)
    {
        _life.EnterReadLock();
        try
        {
            var options = new ReadOptions().SetFillCache(false);
            using Iterator iterator = Opened.NewIterator(readOptions: options);
            T found = look(iterator);
            ThrowIfFailed(iterator);
            GC.KeepAlive(options);
            return found;
        }
        catch (RocksDbException failed)
        {
            throw NotRead(failed);
        }
        finally
        {
            _life.ExitReadLock();
        }
    }

    /// <summary>An iterator that is nowhere may have come to the end, or to something that cannot be read.</summary>
    /// <exception cref="RocksDbException">It cannot be read.</exception>
    public static void ThrowIfFailed(Iterator iterator) => Native.Instance.rocksdb_iter_get_error(iterator.Handle);

    /// <summary>Gives disk space of what was deleted back. Takes its time.</summary>
    public void Reclaim()
    {
        _life.EnterReadLock();
        try
        {
            RocksDb rocks = Opened;
            rocks.Flush(new FlushOptions().SetWaitForFlush(true));
            rocks.CompactRange([], [0xFF]);
            if (Property(rocks, "rocksdb.live-blob-file-garbage-size") > Property(rocks, "rocksdb.live-blob-file-size") / 2)
                DatabaseOptions.RewriteBlobs(rocks);
        }
        catch (RocksDbException failed)
        {
            _logger.StorageFailed(_folder, failed.Message);   // a write will say the same to somebody
        }
        finally
        {
            _life.ExitReadLock();
        }
    }

    public void Dispose()
    {
        _life.EnterWriteLock();                               // who still reads ends first; who comes later is told
        try
        {
            _rocks?.Dispose();
            _rocks = null;
        }
        finally
        {
            _life.ExitWriteLock();
        }
    }

    // Twice is harmless: the same keys get the same values.
    private RocksDbException? TryWrite(WriteBatch batch)
    {
        _life.EnterReadLock();
        try
        {
            Opened.Write(batch, _write);
            return null;
        }
        catch (RocksDbException failed)
        {
            _isBroken = true;
            _logger.StorageFailed(_folder, failed.Message);
            return failed;
        }
        finally
        {
            _life.ExitReadLock();
        }
    }

    private RocksDb Opened => _rocks ?? throw new StorageException($"The streams in '{_folder}' are closed.");

    private static long Property(RocksDb rocks, string name) => long.TryParse(rocks.GetProperty(name), out long value) ? value : 0;

    // RocksDB does not write any more after a failed write; opened again it goes on behind the last one that succeeded.
    private void Revive()
    {
        Probe();
        _life.EnterWriteLock();
        try
        {
            _rocks?.Dispose();
            _rocks = null;
            _rocks = OpenForWriting();
            _isBroken = false;
            _logger.StorageRevived(_folder);
        }
        catch (Exception failed) when (failed is RocksDbException or IOException or UnauthorizedAccessException)
        {
            _rocks = TryOpenForReading();
            throw NotWritten(failed);
        }
        finally
        {
            _life.ExitWriteLock();
        }
    }

    // Opening writes what is in the log to files of its own before the log goes: looking first spares the vain try.
    private void Probe()
    {
        string probe = Path.Combine(_folder, "probe");
        try
        {
            long needed = ProbeBytes + new DirectoryInfo(_folder).EnumerateFiles("*.log").Sum(log => log.Length);
            if (FreeBytes() is { } free && free < needed)
                throw new IOException($"The disk has {free >> 20} MB left, and {(needed + (1 << 20) - 1) >> 20} MB are needed to go on");
            File.WriteAllBytes(probe, new byte[ProbeBytes]);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(failed);
        }
        finally
        {
            TryDelete(probe);
        }
    }

    /// <summary>Null where nobody knows: a folder on another machine, for instance.</summary>
    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(_folder).AvailableFreeSpace;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            _logger.StorageFailed(_folder, failed.Message);
        }
    }

    private RocksDb OpenForWriting()
    {
        var before = new FilesBefore(_folder);
        try
        {
            return RocksDb.Open(DatabaseOptions.Create(cut => _logger.TornTailCut(_folder, cut)), _folder);
        }
        catch (RocksDbException)
        {
            before.RemoveNewer();
            throw;
        }
    }

    private RocksDb? TryOpenForReading()
    {
        try
        {
            return RocksDb.OpenReadOnly(DatabaseOptions.Create(_ => { }), _folder, errorIfLogFileExists: false);
        }
        catch (RocksDbException failed)
        {
            _logger.StorageFailed(_folder, failed.Message);
            return null;
        }
    }

    private StorageException NotRead(RocksDbException failed) => new(
        $"The streams in '{_folder}' cannot be read: {failed.Message.TrimEnd('.')}. Look at the disk, restore the folder from a copy, or name another with --data.", failed);

    private static StorageException Damaged(LogHole hole) => new(
        $"The log '{hole.File}' is damaged at byte {hole.Offset}, and records that are not come behind it: they would be dropped if it was opened like this. "
        + "Restore the folder from a copy, name another folder with --data, or move this log away to go on without what is in it.");

    private StorageException NotWritten(Exception failed) => new(
        $"The records could not be written to '{_folder}': {failed.Message.TrimEnd('.')}. Nothing that was acknowledged is lost; "
        + "make space on the disk or make it writable, then put again.", failed);
}
