using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>The checkpoint, and a machine that begins at one, passes no record that nobody has dealt with; those that were delivered are <see cref="ShardChecker"/>'s.</summary>
internal sealed class PassedRecords(RecordTable table, ViolationList violations)
{
    private int _passed;

    /// <summary>The first machine of the shard begins at a record: what lies before is nobody's.</summary>
    public void BeginAt(int place) => _passed = Math.Max(_passed, place);

    /// <summary>Checks what a stored checkpoint has passed since the one before.</summary>
    public void Check(HistoryStep.CheckpointSaved saved)
    {
        string where = saved.Checkpoint.ShardEnded ? "moved to the end of the shard" : $"moved to {saved.Checkpoint.Position}";
        Pass(saved, saved.Checkpoint.ShardEnded ? table.Count : table.FirstFrom(saved.Checkpoint.Position), "the checkpoint " + where);
    }

    /// <summary>Checks what a machine that is not the first one begins behind.</summary>
    public void Check(HistoryStep.MachineBegan began) => Pass(began, table.FirstFrom(began.From.Position), $"a machine began at {began.From.Position}");

    private void Pass(HistoryStep step, int to, string how)
    {
        for (; _passed < to; _passed++)
        {
            if (table.Has(_passed, Fates.Delivered) || table.IsOver(_passed, step.Time) || !violations.Counts(ViolationKind.CheckpointPastUnseen))
                continue;
            StreamRecord passed = table[_passed].Record;
            violations.List(ViolationKind.CheckpointPastUnseen, step.ShardId, passed.SequenceNumber, null,
                $"{how}, past record {passed}, which was neither delivered nor filtered nor discarded.");
        }
    }
}
