using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Testing.Exploring;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Tests.Exploring;

/// <summary>The journal of a run is repeated as it was, however long after its last record it went on.</summary>
public class JournalReplayTests
{
    private const string Shard = "shardId-000000000000";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Throttles_and_a_crash_long_after_the_last_record_strike_when_they_did()
    {
        const int throttles = 12;
        TimeSpan crash = TimeSpan.FromMinutes(15);
        List<HistoryStep> steps = [new HistoryStep.ShardCreated(Start, Shard, HashKeyRange.Split(1)[0], []), new HistoryStep.RecordArrived(Start, Shard, Record)];
        for (int nth = 1; nth <= throttles; nth++)
            steps.AddRange(Try(nth, TimeSpan.FromSeconds(40 * nth), new BatchOutcome.Throttled("TooManyRequestsException")));
        steps.AddRange(Try(throttles + 1, TimeSpan.FromMinutes(10), BatchOutcome.Succeeded.Instance));
        steps.Add(new HistoryStep.MachineCrashed(Start + crash, Shard));
        var journal = new MappingHistory(new HistoryMapping(), steps);

        TestRun? replayed = null;
        await new StoredFailure(JournalReplay.Of(journal)).For((Stream _) => { }).Expect("it is looked at", run =>
        {
            replayed = run;
            return null;
        }).RunAsync();

        Assert.Equal(throttles, Invocation.Of(replayed!.History).Count(call => call.Outcome is BatchOutcome.Throttled));
        Assert.Equal([Start + crash], replayed.History.OfType<HistoryStep.MachineCrashed>().Select(crashed => crashed.Time));
    }

    private static StreamRecord Record
    {
        get
        {
            PutBytes bytes = Records.Of("key", "r1").Single().Bytes;
            var number = SequenceNumber.Create(Start.ToUnixTimeSeconds(), 0, 1, Start.ToUnixTimeSeconds());
            return new StreamRecord(number, bytes.KeyHash, Start.ToUnixTimeMilliseconds(), bytes.Memory, 0, bytes.KeyLength, bytes.Memory.Length - bytes.KeyLength);
        }
    }

    private static HistoryStep[] Try(int nth, TimeSpan at, BatchOutcome outcome)
    {
        var id = new Guid(nth, 0, 0, new byte[8]);
        return [new HistoryStep.InvocationStarted(Start + at, Shard, 0, id, nth, new[] { Record }), new HistoryStep.InvocationEnded(Start + at, Shard, id, outcome)];
    }
}
