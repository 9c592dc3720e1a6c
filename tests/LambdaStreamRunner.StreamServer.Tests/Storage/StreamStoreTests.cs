using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

public sealed class StreamStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lambda-stream-test-");

    [Fact]
    public void A_second_store_on_the_same_folder_is_refused_and_told_which()
    {
        using var first = StreamStore.Open(new StorageOptions(_folder.FullName));

        StorageException refused = Assert.Throws<StorageException>(Open);

        Assert.Equal($"The data folder '{_folder.FullName}' is in use by another process. Stop that one, name another folder with --data, or run with --in-memory.", refused.Message);
    }

    [Fact]
    public void A_folder_is_free_again_when_its_store_is_closed()
    {
        StreamStore.Open(new StorageOptions(_folder.FullName)).Dispose();
        StreamStore.Open(new StorageOptions(_folder.FullName)).Dispose();
    }

    [Fact]
    public async Task Entries_are_forgotten_by_the_beginning_of_their_names()
    {
        string[] names = ["checkpoint a 1", "checkpoint a 2", "checkpoint a ü", "checkpoint ab 1", "checkpoint", "d"];
        using (var store = StreamStore.Open(new StorageOptions(_folder.FullName)))
        {
            foreach (string name in names)
                await store.SaveAsync(name, [1]);

            await store.DeleteAsync("checkpoint a ");

            Assert.Equal(["checkpoint ab 1", "checkpoint", "d"], names.Where(name => store.Find(name) is not null));
        }
        using var reopened = StreamStore.Open(new StorageOptions(_folder.FullName));
        Assert.Equal(["checkpoint ab 1", "checkpoint", "d"], names.Where(name => reopened.Find(name) is not null));
    }

    [Fact]
    public void A_newer_format_is_refused_with_the_way_out()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "format"), "lambda-stream-runner 2\n");

        StorageException refused = Assert.Throws<StorageException>(Open);

        Assert.Equal(
            $"The data folder '{_folder.FullName}' has format 2, of a newer version of this program; this one reads up to format 1. Run the newer version, or name another folder with --data.",
            refused.Message);
    }

    [Fact]
    public void A_folder_with_something_else_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "thesis.txt"), "important");

        Assert.Contains("holds something else than streams", Assert.Throws<StorageException>(Open).Message, StringComparison.Ordinal);
        Assert.Equal(["thesis.txt"], _folder.GetFiles().Select(file => file.Name));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_in_a_sentence()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<StorageException>(() => StreamStore.Open(new StorageOptions(Path.Combine(file, "data"))));

        Assert.StartsWith($"The data folder '{Path.Combine(file, "data")}' cannot be written:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_under_a_name_is_there_after_a_restart()
    {
        using (var store = StreamStore.Open(new StorageOptions(_folder.FullName) { Durability = Durability.PowerCut }))
        {
            Assert.Null(store.Find("a"));
            await store.SaveAsync("a", [1, 2, 3]);
            await store.SaveAsync("a", [4]);
        }

        using var again = StreamStore.Open(new StorageOptions(_folder.FullName));
        Assert.Equal([4], again.Find("a"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Open() => StreamStore.Open(new StorageOptions(_folder.FullName)).Dispose();
}
