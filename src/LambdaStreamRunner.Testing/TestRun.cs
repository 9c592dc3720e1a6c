using System.Collections.Immutable;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <summary>What happened in one run of a test, or has happened so far.</summary>
public sealed class TestRun
{
    private readonly TestWorld _world;

    internal TestRun(TestWorld world) => _world = world;

    /// <summary>Everything, in order.</summary>
    public IReadOnlyList<HistoryStep> History => _world.Loop.History.Steps;

    /// <summary>The settings of the mapping.</summary>
    public EventSourceMapping Mapping => _world.Scenario.Mapping;

    /// <summary>What the test puts, and has put step by step so far.</summary>
    public ImmutableArray<TestRecord> Records =>
        [.. _world.Scenario.Records.Union(History.OfType<HistoryStep.RecordArrived>().Select(arrived => _world.RecordOf(arrived.Record.SequenceNumber)), ReferenceEqualityComparer.Instance).Cast<TestRecord>()];

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now => _world.Loop.Now;

    /// <summary>The calls of the handler, in the order of their start: the records of each, by their labels, as in <c>r1 r2 r3</c>.</summary>
    public IReadOnlyList<string> Invocations =>
        [.. Calls.Select(call => string.Join(' ', call.Records.ToArray().Select(LabelOf)))];

    /// <summary>The calls of the handler with their times and outcomes; tries that were throttled are none.</summary>
    public IReadOnlyList<Invocation> Calls => [.. Invocation.Of(History).Where(call => call.Outcome is not BatchOutcome.Throttled)];

    /// <summary>The labels of the records that were given up, in the order in which that happened.</summary>
    public IReadOnlyList<string> Discarded =>
        [.. Discards.SelectMany(discard => discard.Batch.Records).Select(LabelOf)];

    /// <summary>The batches that were given up, with what their destination is told.</summary>
    public IEnumerable<HistoryStep.Discarded> Discards => History.OfType<HistoryStep.Discarded>();

    /// <summary>Why a record was given up; null when it was not.</summary>
    public DiscardReason? DiscardReasonOf(string label) =>
        Discards.FirstOrDefault(discard => discard.Batch.Records.Any(record => LabelOf(record) == label))?.Batch.Reason;

    /// <summary>How many records lie before the stored checkpoints: a restart would begin after them.</summary>
    public int Checkpoint
    {
        get
        {
            var positions = History.OfType<HistoryStep.CheckpointSaved>().GroupBy(saved => saved.ShardId)
                .ToDictionary(saved => saved.Key, saved => saved.Last().Checkpoint);
            return History.OfType<HistoryStep.RecordArrived>()
                .Count(arrived => positions.TryGetValue(arrived.ShardId, out var checkpoint) && IsBefore(arrived.Record, checkpoint.Position));
        }
    }

    /// <summary>The changes that handlers made (<see cref="Testing.Effects"/>), by key, each in the order in which they were made.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Effects => _world.Ledger.All;

    /// <summary>A number that is the same for the same history: times, lanes, records, outcomes, effects.</summary>
    public ulong HistoryHash => HistoryHashing.Of(History);

    /// <summary>The label of a record of the stream.</summary>
    public string LabelOf(StreamRecord record) => _world.RecordOf(record.SequenceNumber).Label;

    private static bool IsBefore(StreamRecord record, ShardPosition position) => position.Type switch
    {
        ShardIteratorType.AtSequenceNumber => record.SequenceNumber < position.SequenceNumber,
        ShardIteratorType.AfterSequenceNumber => record.SequenceNumber <= position.SequenceNumber,
        _ => false,
    };
}
