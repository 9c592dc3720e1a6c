using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>The stream of a world: puts the records of the scenario, and is resharded.</summary>
internal sealed class TestStream
{
    // From a put whose answer was lost to the next try of the producer.
    private const int RepeatMillisecondsMax = 5_000;

    private readonly TestWorld _world;
    private readonly List<TestRecord> _records = [];           // by running index, which begins at 1
    private readonly long _createdSeconds;
    private int _toPut;

    /// <param name="world">The world.</param>
    /// <param name="seed">Of other seeds the sequence numbers are others: one handler may see several schedules.</param>
    public TestStream(TestWorld world, long seed)
    {
        _world = world;
        _createdSeconds = _world.Scenario.Start.ToUnixTimeSeconds() - (long)(Mixing.Mix((ulong)seed) % 10_000_000);
        FirstShards = [.. HashKeyRange.Split(world.Scenario.Shards).Select((range, index) => new SimulatedShard(index, range))];
    }

    public IReadOnlyList<SimulatedShard> FirstShards { get; }

    /// <summary>True when every record was put.</summary>
    public bool IsComplete => _toPut == 0;

    /// <summary>When the last record was put; the beginning of time before the first.</summary>
    public DateTimeOffset LastPut { get; private set; }

    public TestRecord RecordOf(SequenceNumber number) => _records[(int)number.Index - 1];

    /// <summary>Plans the puts.</summary>
    public void Plan()
    {
        foreach (TestRecord record in _world.Scenario.Records)
        {
            _toPut++;
            _world.Loop.At(_world.Scenario.Start + record.At, () => PutPlanned(record));
        }
    }

    public void Put(TestRecord record)
    {
        PutBytes bytes = record.Bytes;
        SimulatedShard shard = ShardOf(bytes.KeyHash);
        DateTimeOffset now = _world.Loop.Now;
        LastPut = now;
        _records.Add(record);
        var number = SequenceNumber.Create(_createdSeconds, shard.Index, (ulong)_records.Count, now.ToUnixTimeSeconds());
        _world.Loop.Put(shard, new StreamRecord(number, bytes.KeyHash, now.ToUnixTimeMilliseconds(), bytes.Memory, 0, bytes.KeyLength, bytes.Memory.Length - bytes.KeyLength));
    }

    private SimulatedShard ShardOf(UInt128 hash)
    {
        for (int index = _world.Loop.Shards.Count - 1; ; index--)             // the newest shards are open
        {
            SimulatedShard shard = _world.Loop.Shards[index];
            if (!shard.IsClosed && shard.Range.Contains(hash))
                return shard;
        }
    }

    /// <summary>Splits an open shard, or merges two neighbours, as the schedule says.</summary>
    public void Reshard(int nth)
    {
        SimulatedShard[] open = [.. _world.Loop.Shards.Where(shard => !shard.IsClosed).OrderBy(shard => shard.Range.StartingHashKey)];
        int place = _world.Chooser.Choose(new Choice(ChoiceKind.Reshard, nth, 1), open.Length);
        bool merges = open.Length > 1 && _world.Chooser.Choose(new Choice(ChoiceKind.Reshard, nth, 2), 2) == 1;
        if (merges)
            Merge(open[Math.Min(place, open.Length - 2)], open[Math.Min(place, open.Length - 2) + 1]);
        else
            Split(open[place]);
    }

    private void PutPlanned(TestRecord record)
    {
        _toPut--;
        Put(record);
        if (!_world.Chooser.Strikes(new Choice(ChoiceKind.PutTwice, record.Id, 0), _world.Scenario.Faults.RepeatRate))
            return;
        _toPut++;
        var delay = TimeSpan.FromMilliseconds(_world.Chooser.Measure(new Choice(ChoiceKind.PutTwice, record.Id, 1), record.Id, RepeatMillisecondsMax));
        _world.Loop.At(_world.Loop.Now + delay, () =>
        {
            _toPut--;
            Put(record);
        });
    }

    private void Split(SimulatedShard shard)
    {
        UInt128 middle = shard.Range.StartingHashKey + ((shard.Range.EndingHashKey - shard.Range.StartingHashKey) / 2);
        _world.Loop.Close(shard);
        Add(new HashKeyRange(shard.Range.StartingHashKey, middle), shard);
        Add(new HashKeyRange(middle + 1, shard.Range.EndingHashKey), shard);
    }

    private void Merge(SimulatedShard low, SimulatedShard high)
    {
        _world.Loop.Close(low);
        _world.Loop.Close(high);
        Add(new HashKeyRange(low.Range.StartingHashKey, high.Range.EndingHashKey), low, high);
    }

    private void Add(HashKeyRange range, params SimulatedShard[] parents) =>
        _world.Loop.Add(new SimulatedShard(_world.Loop.Shards.Count, range, [.. parents.Select(parent => parent.Id)]));
}
