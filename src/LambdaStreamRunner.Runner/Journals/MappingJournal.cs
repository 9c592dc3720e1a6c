using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Polling;

namespace LambdaStreamRunner.Runner.Journals;

/// <summary>One mapping's part of a journal, through all its stops, changes and starts.</summary>
/// <param name="journal">The file.</param>
internal sealed class MappingJournal(RunJournal journal)
{
    private readonly object _gate = new();                     // shards begin side by side
    private readonly Dictionary<string, ShardJournal> _shards = new(StringComparer.Ordinal);
    private HistoryMapping? _written;
    private int _index;

    /// <summary>A machine begins on a shard: writes its settings when they are new, the shard when it is, and where it begins.</summary>
    /// <param name="now">When.</param>
    /// <param name="mapping">The settings of now.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="machine">The machine.</param>
    public ShardJournal Begin(DateTimeOffset now, HistoryMapping mapping, SourceShard shard, ShardMachine machine)
    {
        lock (_gate)
        {
            if (_written is null)
                _index = journal.Introduce(mapping);
            else if (mapping != _written)
                journal.Add(new JournalEntry.Settings(_index, mapping));
            _written = mapping;
            if (!_shards.TryGetValue(shard.Id, out ShardJournal? lines))
            {
                _shards.Add(shard.Id, lines = new ShardJournal(journal, _index, shard.Id));
                lines.Write(new HistoryStep.ShardCreated(now, shard.Id, shard.HashKeyRange, [.. ParentsOf(shard)]));
            }
            lines.Write(new HistoryStep.MachineBegan(now, shard.Id, machine.Shard.From));
            return lines;
        }
    }

    private static IEnumerable<string> ParentsOf(SourceShard shard) => new[] { shard.ParentId, shard.AdjacentParentId }.OfType<string>();
}
