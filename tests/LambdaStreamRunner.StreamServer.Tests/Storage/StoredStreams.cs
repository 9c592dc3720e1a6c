using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests.Storage;

/// <summary>Streams in a folder of their own that is gone afterwards, with a clock that stands still.</summary>
internal sealed class StoredStreams : IDisposable
{
    public const string Name = "clicks";

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("lambda-stream-test-");
    private readonly long _hotBytesMax;
    private readonly EmbeddedStreamsOptions _options;
    private readonly Notes _notes = new();

    public StoredStreams(long hotBytesMax = 128 << 20, string? folder = null, EmbeddedStreamsOptions? options = null)
    {
        _options = options ?? new EmbeddedStreamsOptions();
        Folder = folder ?? Path.Combine(_parent.FullName, "data");
        _hotBytesMax = hotBytesMax;
        (Store, Streams) = Open();
    }

    public string Folder { get; }

    public FakeTimeProvider Time { get; private set; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public StreamStore Store { get; private set; }

    public EmbeddedStreams Streams { get; private set; }

    public EmbeddedStream Stream => Streams.Get(Name);

    /// <summary>What was logged.</summary>
    public IReadOnlyCollection<string> Logged => _notes.Texts;

    /// <summary>Ends and begins again, as another process would.</summary>
    /// <param name="now">What its clock says; as before by default.</param>
    public void Restart(DateTimeOffset? now = null)
    {
        Close();
        if (now is { } other)
            Time = new FakeTimeProvider(other);
        (Store, Streams) = Open();
    }

    public void Close()
    {
        Streams.Stop();
        Store.Dispose();
    }

    public StreamRecord[] ReadAll(int shard = 0) => [.. Read(ShardPosition.TrimHorizon, shard)];

    public IEnumerable<StreamRecord> Read(ShardPosition from, int shard = 0, int limit = ShardReader.RecordsMax)
    {
        var reader = new ShardReader(Stream.Records.Shards[shard]);
        while (true)
        {
            ShardRead read = Stream.Read(reader, from, limit);
            foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
            {
                for (int i = 0; i < part.Length; i++)
                    yield return part.Span[i];
            }
            if (read.Records.IsEmpty)
                yield break;
            from = read.Next;
        }
    }

    public void Dispose()
    {
        Close();
        _parent.Delete(recursive: true);
    }

    private (StreamStore Store, EmbeddedStreams Streams) Open()
    {
        var store = StreamStore.Open(new StorageOptions(Folder) { HotBytesMax = _hotBytesMax }, _notes);
        try
        {
            return (store, new EmbeddedStreams(_options, Time, Time, store));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private sealed class Notes : ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _texts = [];

        public IReadOnlyCollection<string> Texts => _texts;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _texts.Enqueue(formatter(state, exception));
    }
}
