using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings.Ordering;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>The checkpoint passes no record that nobody has dealt with; those that were delivered are <see cref="ShardChecker"/>'s.</summary>
internal sealed class PassedRecords(RecordTable table, ViolationList violations)
{
    private int _passed;

    /// <summary>The first machine of the shard begins at a record: what lies before is nobody's.</summary>
    public void BeginAt(int place) => _passed = Math.Max(_passed, place);

    /// <summary>Checks what a stored checkpoint has passed since the one before.</summary>
    public void Check(HistoryStep.CheckpointSaved saved)
    {
        int to = saved.Checkpoint.ShardEnded ? table.Count : table.FirstFrom(saved.Checkpoint.Position);
        for (; _passed < to; _passed++)
        {
            if (!table.Has(_passed, Fates.Delivered) && !table.IsOver(_passed, saved.Time) && violations.Counts(ViolationKind.CheckpointPastUnseen))
                List(saved, table[_passed]);
        }
    }

    private void List(HistoryStep.CheckpointSaved saved, HistoryStep.RecordArrived passed)
    {
        ShardCheckpoint checkpoint = saved.Checkpoint;
        string where = checkpoint.ShardEnded ? "to the end of the shard" : $"to {checkpoint.Position}";
        violations.List(ViolationKind.CheckpointPastUnseen, saved.ShardId, passed.Record.SequenceNumber, null,
            $"the checkpoint moved {where}, past record {passed.Record}, which was neither delivered nor filtered nor discarded.");
    }
}
