using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>
/// <c>run --data</c> goes on after kill -9 where it was: the handler sees every record of every key, in order, and after a
/// start none that is later than the next one. It writes down what it has done before it returns, so a checkpoint that was
/// ahead of settled work would leave a gap here.
/// </summary>
/// <remarks>Real time, since it is about a real process. LAMBDA_STREAM_KILL_ROUNDS and LAMBDA_STREAM_KILL_SEED change rounds and moments.</remarks>
public sealed class ResumeTests : IDisposable
{
    private const int Writers = 2;
    private const int KeysOfWriter = 8;
    private const int RecordsOfWriter = 1500;                 // in a round: the next one begins with a backlog
    private const int RoundsDefault = 3;

    private readonly Workspace _workspace = new();

    [Theory]
    [InlineData("HashLanes")]
    [InlineData("DynamicKeys")]
    public async Task No_key_loses_a_record_or_its_order_by_kill_9(string lanePolicy)
    {
        int rounds = KillTests.FromEnvironment("LAMBDA_STREAM_KILL_ROUNDS") ?? RoundsDefault;
        int seed = KillTests.FromEnvironment("LAMBDA_STREAM_KILL_SEED") ?? Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds, LAMBDA_STREAM_KILL_SEED={seed}");
        var moments = new Random(seed);
        string config = Configure(lanePolicy);
        List<int> starts = [];                                // lines that the handler had written when each run began
        List<Acknowledged> acknowledged = [];
        for (int round = 1; round <= rounds; round++)
        {
            starts.Add(Seen().Length);
            acknowledged.AddRange(await RunUntilKilledAsync(config, round, TimeSpan.FromMilliseconds(moments.Next(20, 500))));
        }
        starts.Add(Seen().Length);
        Assert.True(starts[^1] > starts[1], "The handler did something in a later run too.");

        (int drained, string json, string said) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--data", "data", "--until-drained", "--json");

        Assert.True(drained == 0, said);
        Assert.Equal(0, LambdaStream.Count(LambdaStream.MappingOf(json), "orderViolations"));
        string? wrong = WhatIsWrong(RecordsByKey(), Seen(), starts);
        Assert.True(wrong is null, $"LAMBDA_STREAM_KILL_SEED={seed}: {wrong}");
        Assert.Subset(Seen().ToHashSet(), acknowledged.Select(record => record.Number.ToString()).ToHashSet());
    }

    public void Dispose() => _workspace.Dispose();

    /// <summary>Compares what the handler saw with what the stream has; null when all is well.</summary>
    private static string? WhatIsWrong(Dictionary<string, List<string>> recordsByKey, string[] seen, List<int> starts)
    {
        Dictionary<string, (string Key, int Place)> places = recordsByKey
            .SelectMany(key => key.Value.Select((number, place) => (number, key.Key, place)))
            .ToDictionary(record => record.number, record => (record.Key, record.place));
        var done = recordsByKey.Keys.ToDictionary(key => key, _ => 0);  // records of a key that were seen without a gap
        for (int run = 0; run < starts.Count; run++)
        {
            var next = new Dictionary<string, int>();         // of a key in this run
            foreach (string number in seen[starts[run]..(run + 1 < starts.Count ? starts[run + 1] : seen.Length)])
            {
                if (!places.TryGetValue(number, out (string Key, int Place) record))
                    return $"Run {run}: record {number} was seen and is not on the stream.";
                bool isFirst = !next.TryGetValue(record.Key, out int expected);
                if (isFirst ? record.Place > done[record.Key] : record.Place != expected)
                    return $"Run {run}, key {record.Key}: record {record.Place} came when {(isFirst ? done[record.Key] : expected)} was due.";
                next[record.Key] = record.Place + 1;
                done[record.Key] = Math.Max(done[record.Key], record.Place + 1);
            }
        }
        KeyValuePair<string, List<string>> lost = recordsByKey.FirstOrDefault(key => done[key.Key] < key.Value.Count);
        return lost.Key is null ? null : $"Key {lost.Key}: {done[lost.Key]} of {lost.Value.Count} records were seen.";
    }

    private string Configure(string lanePolicy) => _workspace.Write("runner.json", JsonSerializer.Serialize(new
    {
        Streams = new { clicks = new { ShardCount = 2 } },
        Functions = new
        {
            Clicks = new
            {
                CodeUri = Workspace.DllOf("OddFunctions"),
                Handler = Workspace.Odd + "Remember",
                Timeout = 30,
                Environment = new { Variables = new { SEEN_FILE = _workspace.PathOf("seen") } },
            },
        },
        EventSourceMappings = new[]
        {
            new
            {
                EventSourceArn = "clicks", FunctionName = "Clicks", StartingPosition = "TRIM_HORIZON",
                ParallelizationFactor = 4, BatchSize = 10, Runner = new { LanePolicy = lanePolicy },
            },
        },
    }));

    private async Task<IEnumerable<Acknowledged>> RunUntilKilledAsync(string config, int round, TimeSpan life)
    {
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data");
        Uri endpoint = await program.EndpointAsync();
        KinesisWriter[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new KinesisWriter(endpoint, round, writer, KeysOfWriter))];
        Task[] writing = [.. writers.Select(writer => Task.Run(() => writer.PutUntilRefusedAsync(RecordsOfWriter)))];
        await Task.WhenAny(writers.Select(writer => writer.FirstAcknowledged).Concat(writing));
        await Task.Delay(life, TimeProvider.System, TestContext.Current.CancellationToken);
        await program.SignalAsync("KILL");
        await program.ExitAsync();
        CutTornLine();
        await Task.WhenAll(writing);
        return writers.SelectMany(writer => writer.Acknowledged);
    }

    /// <summary>The kernel may end the write of a killed process after any page: half a line tells nothing, its record comes again.</summary>
    private void CutTornLine()
    {
        if (!File.Exists(_workspace.PathOf("seen")))
            return;
        using FileStream seen = File.Open(_workspace.PathOf("seen"), FileMode.Open);
        while (seen.Length > 0)
        {
            seen.Position = seen.Length - 1;
            if (seen.ReadByte() == '\n')
                return;
            seen.SetLength(seen.Length - 1);
        }
    }

    private string[] Seen() => File.Exists(_workspace.PathOf("seen")) ? File.ReadAllLines(_workspace.PathOf("seen")) : [];

    /// <summary>The numbers of each key's records, in the order of the stream.</summary>
    private Dictionary<string, List<string>> RecordsByKey()
    {
        using var store = StreamStore.Open(new StorageOptions(_workspace.PathOf("data")));
        EmbeddedStream stream = new EmbeddedStreams(new EmbeddedStreamsOptions(), TimeProvider.System, store: store).Get("clicks");
        var keys = new Dictionary<string, List<string>>();
        foreach (Shard shard in stream.Records.Shards)
        {
            var reader = new ShardReader(shard);
            ShardRead read = stream.Read(reader, ShardPosition.TrimHorizon, ShardReader.RecordsMax);
            for (; !read.Records.IsEmpty; read = stream.Read(reader, read.Next, ShardReader.RecordsMax))
            {
                foreach (ReadOnlyMemory<StreamRecord> part in read.Records)
                {
                    foreach (StreamRecord record in part.Span)
                    {
                        if (!keys.TryGetValue(record.PartitionKey, out List<string>? numbers))
                            keys.Add(record.PartitionKey, numbers = []);
                        numbers.Add(record.SequenceNumber.ToString());
                    }
                }
            }
        }
        return keys;
    }
}
