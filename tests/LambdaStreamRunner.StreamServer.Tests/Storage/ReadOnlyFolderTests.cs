using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>A folder that cannot be written: not opened, or, when that comes later, no more puts until it can; reads go on.</summary>
public sealed class ReadOnlyFolderTests
{
    [Fact]
    public void An_empty_read_only_folder_is_refused_in_a_sentence()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lambda-stream-test-");
        try
        {
            using (ReadOnlyFolder.Of(folder.FullName))
            {
                var refused = Assert.Throws<StorageException>(() => StreamStore.Open(new StorageOptions(folder.FullName)).Dispose());

                Assert.StartsWith($"The data folder '{folder.FullName}' cannot be written: ", refused.Message, StringComparison.Ordinal);
                Assert.EndsWith("Make it writable, name another with --data, or run with --in-memory.", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_with_streams_that_is_read_only_is_refused_in_a_sentence_and_good_when_it_is_writable_again()
    {
        using var stored = new StoredStreams();
        SequenceNumber number = stored.Streams.Create(StoredStreams.Name, 1).Put("key", "x"u8.ToArray()).SequenceNumber;
        stored.Close();
        string database = Path.Combine(stored.Folder, "streams");
        using (ReadOnlyFolder.Of(database))
        {
            var refused = Assert.Throws<StorageException>(() => stored.Restart());

            Assert.StartsWith($"The streams in '{database}' cannot be opened: ", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Make the folder writable", refused.Message, StringComparison.Ordinal);
        }
        stored.Restart();
        Assert.Equal([number], stored.ReadAll().Select(record => record.SequenceNumber));
    }

    [Fact]
    public void A_folder_that_becomes_read_only_refuses_puts_keeps_reads_and_takes_puts_again_when_it_is_writable()
    {
        using var stored = new StoredStreams(hotBytesMax: 1 << 20);
        EmbeddedStream stream = stored.Streams.Create(StoredStreams.Name, 1);
        List<SequenceNumber> acknowledged = [];
        string database = Path.Combine(stored.Folder, "streams");
        using (ReadOnlyFolder.Of(database))
        {
            KinesisException? refused = null;                 // the log that is open takes some more
            while (refused is null && acknowledged.Count < 1000)
                refused = Put(stream, acknowledged);

            Assert.NotNull(refused);
            Assert.Equal(("InternalFailure", 500), (refused.Error, refused.StatusCode));
            Assert.Contains($"could not be written to '{database}'", refused.Message, StringComparison.Ordinal);
            Assert.Contains("make it writable, then put again", refused.Message, StringComparison.Ordinal);
            Assert.NotNull(Put(stream, acknowledged));
            Assert.Equal(acknowledged, stored.ReadAll().Select(record => record.SequenceNumber));
        }
        for (int i = 0; i < 5; i++)
            Assert.Null(Put(stream, acknowledged));
        Assert.Equal(acknowledged, stored.ReadAll().Select(record => record.SequenceNumber));
        stored.Restart();
        Assert.Equal(acknowledged, stored.ReadAll().Select(record => record.SequenceNumber));
    }

    private static KinesisException? Put(EmbeddedStream stream, List<SequenceNumber> acknowledged)
    {
        try
        {
            acknowledged.Add(stream.Put("key", new byte[200_000]).SequenceNumber);
            return null;
        }
        catch (KinesisException failed)
        {
            return failed;
        }
    }
}
