using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>A folder that somebody, or a bad disk, has spoilt: what a crash leaves is cut and told, all else is refused with the way out.</summary>
public sealed class DamageTests : IDisposable
{
    private const int Records = 100;
    private const int RecordBytes = 1000;

    private readonly StoredStreams _stored = new(hotBytesMax: 1 << 10);

    [Theory]
    [InlineData(1)]
    [InlineData(RecordBytes / 2)]
    [InlineData(RecordBytes + 200)]                           // of two records
    public void A_log_that_ends_too_early_is_cut_and_that_is_told(int bytesMissing)
    {
        FileInfo log = PutAndClose();
        using (FileStream torn = log.OpenWrite())
            torn.SetLength(torn.Length - bytesMissing);

        _stored.Restart();

        Assert.Equal(Records - 1 - (bytesMissing / RecordBytes), _stored.ReadAll().Length);
        AssertToldThatTheEndIsCut();
    }

    [Fact]
    public void A_garbled_end_of_the_log_is_cut_and_that_is_told()
    {
        FileInfo log = PutAndClose();
        Garble(log, log.Length - 500, 400);

        _stored.Restart();

        Assert.Equal(Records - 1, _stored.ReadAll().Length);
        AssertToldThatTheEndIsCut();
        _stored.Stream.Put("key", new byte[RecordBytes]);
        _stored.Restart();
        Assert.Equal(Records, _stored.ReadAll().Length);
    }

    [Fact]
    public void An_end_that_was_never_written_and_holds_zeros_is_cut()
    {
        FileInfo log = PutAndClose();
        using (FileStream torn = log.OpenWrite())
            torn.SetLength(torn.Length + (100 << 10));

        _stored.Restart();

        Assert.Equal(Records, _stored.ReadAll().Length);
    }

    [Theory]
    [InlineData(2)]                                           // in the first block, in the middle, and in the last block but one
    [InlineData(Records / 2)]
    [InlineData(Records - 40)]
    public void Garbage_before_whole_records_is_refused_and_the_way_out_works(int record)
    {
        FileInfo log = PutAndClose();
        Garble(log, record * RecordBytes, 20);

        var refused = Assert.Throws<StorageException>(() => _stored.Restart());

        Assert.StartsWith($"The log '{log.FullName}' is damaged at byte ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("move this log away", refused.Message, StringComparison.Ordinal);
        log.MoveTo(Path.Combine(_stored.Folder, "..", "saved.log"));
        _stored.Restart();
        Assert.Empty(_stored.Streams.All);                    // all of it was in that log
    }

    [Fact]
    public void A_log_whose_end_is_garbled_is_refused_when_a_later_one_has_records()
    {
        FileInfo log = PutAndClose();
        log.CopyTo(Path.Combine(log.DirectoryName!, "999999.log"));
        Garble(log, log.Length - 500, 400);

        Assert.Contains($"'{log.FullName}' is damaged", Assert.Throws<StorageException>(() => _stored.Restart()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_was_cut_and_gone_on_from_may_still_be_there()
    {
        FileInfo log = PutAndClose();
        using (FileStream end = log.OpenWrite())
            end.SetLength(end.Length - 500);
        byte[] torn = File.ReadAllBytes(log.FullName);
        _stored.Restart();
        _stored.Stream.Put("key", new byte[RecordBytes]);
        _stored.Close();
        File.WriteAllBytes(log.FullName, torn);               // as after kill -9 before it was deleted

        _stored.Restart();

        Assert.Equal(Records, _stored.ReadAll().Length);
    }

    [Fact]
    public void Old_records_that_cannot_be_read_are_an_error_and_not_a_gap()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 1);
        for (int i = 0; i < 5; i++)
            stream.Put("key", new byte[500_000]);
        _stored.Restart();                                    // brings all to table and blob files
        stream = _stored.Stream;
        FileInfo blobs = FilesOf("*.blob").Single();
        Garble(blobs, blobs.Length / 2, 100);

        var failed = Assert.Throws<KinesisException>(() => _stored.ReadAll());

        Assert.Equal(("InternalFailure", 500), (failed.Error, failed.StatusCode));
        Assert.Contains("cannot be read: Corruption", failed.Message, StringComparison.Ordinal);
        SequenceNumber number = stream.Put("key", "x"u8.ToArray()).SequenceNumber;
        Assert.Equal([number], _stored.Read(ShardPosition.At(number)).Select(record => record.SequenceNumber));
    }

    [Fact]
    public void A_shard_whose_newest_records_cannot_be_read_is_refused_at_the_start()
    {
        _stored.Streams.Create(StoredStreams.Name, 1).Put("key", new byte[500_000]);
        _stored.Restart();
        _stored.Close();
        FileInfo blobs = FilesOf("*.blob").Single();
        Garble(blobs, blobs.Length / 2, 100);

        var refused = Assert.Throws<StorageException>(() => _stored.Restart());

        Assert.Contains("cannot be read: Corruption", refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore the folder from a copy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_is_refused_at_the_start()
    {
        PutAndClose();
        _stored.Restart();
        _stored.Close();
        FilesOf("*.sst").First().Delete();

        var refused = Assert.Throws<StorageException>(() => _stored.Restart());

        Assert.StartsWith($"The streams in '{Path.Combine(_stored.Folder, "streams")}' cannot be opened: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("name another folder with --data", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _stored.Dispose();

    /// <summary>Returns the log that holds everything.</summary>
    private FileInfo PutAndClose()
    {
        EmbeddedStream stream = _stored.Streams.Create(StoredStreams.Name, 1);
        for (int i = 0; i < Records; i++)
            stream.Put("key", new byte[RecordBytes]);
        _stored.Close();
        return FilesOf("*.log").Single(file => file.Length > 0);
    }

    private FileInfo[] FilesOf(string pattern) => new DirectoryInfo(Path.Combine(_stored.Folder, "streams")).GetFiles(pattern);

    private void AssertToldThatTheEndIsCut() => Assert.Contains(_stored.Logged, line => line.Contains("is cut", StringComparison.Ordinal));

    private static void Garble(FileInfo file, long from, int bytes)
    {
        using FileStream garbled = file.Open(FileMode.Open, FileAccess.ReadWrite);
        garbled.Position = from;
        garbled.Write([.. Enumerable.Repeat((byte)0xA5, bytes)]);
    }
}
