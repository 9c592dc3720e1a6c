using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>A random mapping in a random world: what is put when, and how the function, the destination and the store behave.</summary>
/// <param name="Mapping">The settings.</param>
/// <param name="Load">What is put.</param>
/// <param name="Faults">What goes wrong, until <see cref="FaultsEnd"/>.</param>
/// <param name="Seed">Decides everything else.</param>
public sealed record World(EventSourceMapping Mapping, Load Load, Faults Faults, int Seed)
{
    public static readonly DateTimeOffset Start = new SimulationOptions().Start;

    /// <summary>From here on every attempt succeeds.</summary>
    public static readonly DateTimeOffset FaultsEnd = Start.AddMinutes(3);

    private const int TriesMax = 100_000;

    private static readonly FilterCriteria WantedOnly = FilterCriteria.Parse("""{"data":{"w":[1]}}""");

    private static Gen<EventSourceMapping> AnyMapping { get; } =
        from batching in Gen.Select(Gen.OneOf(1, 2, 3, 5, 10, 50, 100, 1_000), Gen.OneOf(0, 0, 1, 3), Gen.Int[1, 10])
        from modes in Gen.Select(Gen.Enum<LanePolicy>(), Gen.Enum<PollingMode>())
        from failing in Gen.Select(Gen.Bool, Gen.Bool, Gen.OneOf(-1, 0, 1, 3), Gen.OneOf(0, 0, 60, 90))
        from window in Gen.OneOf(0, 0, 0, 1, 10, 60)
        from filters in Gen.Bool
        select new EventSourceMapping
        {
            BatchSize = batching.Item1,
            MaximumBatchingWindow = TimeSpan.FromSeconds(batching.Item2),
            ParallelizationFactor = window > 0 ? 1 : batching.Item3,
            TumblingWindow = TimeSpan.FromSeconds(window),
            FilterCriteria = filters ? WantedOnly : FilterCriteria.None,
            LanePolicy = modes.Item1,
            Polling = modes.Item2,
            BisectBatchOnFunctionError = failing.Item1,
            FunctionResponseTypes = failing.Item2 ? [FunctionResponseType.ReportBatchItemFailures] : [],
            MaximumRetryAttempts = failing.Item3,
            MaximumRecordAge = failing.Item4 == 0 ? null : TimeSpan.FromSeconds(failing.Item4),
        };

    private static Gen<Load> AnyLoad { get; } =
        from records in Gen.Int[1, 300]
        from keys in Gen.OneOf(1, 2, 7, 30, 10_000)
        from zipf in Gen.Bool
        from seconds in Gen.OneOf(0, 1, 20, 200)
        from lengths in Gen.OneOf((10, 408), (10, 408), (30_000, 408), (10, 2_000_000), (10, 6_291_000))
        from retention in Gen.OneOf(86_400, 86_400, 86_400, 100)
        from wanted in Gen.OneOf(2, 50, 98)
        select new Load(records, keys, zipf, seconds, lengths.Item1, lengths.Item2, TimeSpan.FromSeconds(retention), wanted);

    private static Gen<Faults> AnyFaults { get; } =
        from rates in Gen.Select(Gen.OneOf(0, 0, 1, 10), Gen.OneOf(0, 10, 40), Gen.OneOf(0, 0, 20), Gen.OneOf(0, 10, 50))
        from milliseconds in Gen.OneOf(0, 1, 100, 3_000)
        from destination in Gen.Select(Gen.Bool, Gen.OneOf(0, 0, 700, 20_000))
        from checkpoint in Gen.OneOf(0, 0, 50, 5_000)
        select new Faults(rates.Item1, rates.Item2, rates.Item3, rates.Item4, milliseconds, destination.Item1, destination.Item2, checkpoint);

    public static Gen<World> Any { get; } = Worlds(AnyMapping, AnyLoad);

    /// <summary>Records so large that the read-ahead is full most of the time.</summary>
    public static Gen<World> Crowded { get; } = Worlds(AnyMapping, AnyLoad.Select(load => load with { Keys = Math.Min(30, load.Keys), DataLength = 200_000, FixedRecordLength = 408 }));

    private static Gen<World> Worlds(Gen<EventSourceMapping> mappings, Gen<Load> loads) =>
        Gen.Select(mappings, loads, AnyFaults, Gen.Int[0, 1_000_000], (mapping, load, faults, seed) => new World(mapping, load, faults, seed));

    /// <summary>A reshard closes the shard after the last record.</summary>
    public bool ClosesShard => Seed % 3 == 0;

    public SimulationOptions Options => new()
    {
        Start = Start,
        Retention = Load.Retention,
        FixedRecordLength = Load.FixedRecordLength,
        FixedWindowLength = 200,
        Seed = Seed,
        CheckpointDelay = TimeSpan.FromMilliseconds(Faults.CheckpointMilliseconds),
        DestinationDelay = TimeSpan.FromMilliseconds(Faults.DestinationMilliseconds),
        DestinationWorks = Faults.DestinationWorks,
    };

    /// <summary>True for a record that the mapping's filter lets pass, or that has no filter to pass.</summary>
    public bool Wants(in StreamRecord record) => Mapping.FilterCriteria.IsEmpty || record.Data.Span[5] == '1';

    /// <summary>The records in the order in which they are put, and when; their arrival times may go back a little, as on AWS.</summary>
    public IReadOnlyList<(DateTimeOffset Time, StreamRecord Record)> CreateRecords()
    {
        var random = new Random(Seed);
        var memory = new Dictionary<(int Key, bool IsWanted), byte[]>();
        double[] seconds = [.. Enumerable.Range(0, Load.Records).Select(_ => random.NextDouble() * Load.Seconds).Order()];
        return [.. seconds.Select((second, index) =>
        {
            DateTimeOffset time = Start.AddMilliseconds(Math.Floor(second * 1000));
            DateTimeOffset arrival = random.Next(4) == 0 ? time.AddMilliseconds(-random.Next(5_000)) : time;
            int key = Load.IsZipf ? (int)Math.Min(Load.Keys - 1, (1 / (1 - random.NextDouble())) - 1) : random.Next(Load.Keys);
            bool isWanted = random.Next(100) < Load.WantedPercent;
            byte[] name = System.Text.Encoding.UTF8.GetBytes($"key-{key}");
            if (!memory.TryGetValue((key, isWanted), out byte[]? bytes))
            {
                bytes = [.. name, .. isWanted ? "{\"w\":1}"u8 : "{\"w\":0}"u8, .. Enumerable.Repeat((byte)' ', Load.DataLength - 7)];
                memory.Add((key, isWanted), bytes);
            }
            var number = SequenceNumber.Create(Start.ToUnixTimeSeconds(), 0, (ulong)index + 1, arrival.ToUnixTimeSeconds());
            return (time, new StreamRecord(number, HashKeyRange.HashOf(name), arrival.ToUnixTimeMilliseconds(), bytes, 0, name.Length, Load.DataLength));
        })];
    }

    /// <summary>The function: fails, reports, is throttled and dawdles at random until the faults end.</summary>
    public FunctionModel CreateFunction()
    {
        var random = new Random(Seed + 1);
        int tries = 0;
        return (batch, now) =>
        {
            if (++tries > TriesMax)
                throw new BrokenPromiseException("The same work is tried without end.");
            var duration = TimeSpan.FromMilliseconds(random.Next(Faults.Milliseconds + 1));
            BatchOutcome outcome = now >= FaultsEnd ? BatchOutcome.Succeeded.Instance : OutcomeOf(batch, random);
            if (Mapping.TumblingWindow > TimeSpan.Zero)
                outcome = CountingState.Returned(outcome, batch.Window!, batch.Records.Length, isLarge: random.Next(50) == 0);
            return new FunctionAnswer(outcome, outcome is BatchOutcome.Throttled ? TimeSpan.Zero : duration);
        };
    }

    private BatchOutcome OutcomeOf(Batch batch, Random random)
    {
        if (random.Next(100) < Faults.ThrottledPercent)
            return new BatchOutcome.Throttled("No capacity.");
        if (random.Next(100) < Faults.FailedPercent || ContainsPoison(batch))
            return new BatchOutcome.Failed("It threw.");
        if (Mapping.ReportsBatchItemFailures && random.Next(100) < Faults.ReportedPercent)
            return new BatchOutcome.PartlyFailed(random.Next(batch.Records.Length));
        return BatchOutcome.Succeeded.Instance;
    }

    private bool ContainsPoison(Batch batch)
    {
        foreach (ref readonly StreamRecord record in batch.Records.Span)
        {
            if (((record.SequenceNumber.Index * 2_654_435_761) ^ (uint)Seed) % 100 < (uint)Faults.PoisonPercent)
                return true;
        }
        return false;
    }
}

/// <summary>What is put.</summary>
public sealed record Load(int Records, int Keys, bool IsZipf, int Seconds, int DataLength, int FixedRecordLength, TimeSpan Retention, int WantedPercent);

/// <summary>What goes wrong, in percent of the attempts or records, and how long things take.</summary>
public sealed record Faults(
    int PoisonPercent,
    int FailedPercent,
    int ThrottledPercent,
    int ReportedPercent,
    int Milliseconds,
    bool DestinationWorks,
    int DestinationMilliseconds,
    int CheckpointMilliseconds);
