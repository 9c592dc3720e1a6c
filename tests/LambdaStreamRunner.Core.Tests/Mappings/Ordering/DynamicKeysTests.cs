using CsCheck;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Ordering;

public class DynamicKeysTests
{
    private const int Lanes = 3;

    private static readonly EventSourceMapping Mapping = new() { ParallelizationFactor = Lanes, LanePolicy = LanePolicy.DynamicKeys, BatchSize = 5 };

    [Fact]
    public void A_free_lane_takes_the_oldest_records_of_unclaimed_keys_as_a_naive_twin_does() =>
        Gen.Select(Gen.Int[0, 2 * Lanes], Gen.Int[0, 6]).Array[1, 200].Sample(steps =>
        {
            var sequencer = new DynamicKeys(Mapping, fixedRecordLength: 400);
            var twin = new Twin();
            int label = 0;
            foreach ((int action, int value) in steps)
            {
                int lane = action % Lanes;
                if (action == 2 * Lanes)
                {
                    StreamRecord record = Some.Record(++label, $"key-{value}", bytes: value);
                    sequencer.Enqueue(in record, record.EventLength + 400);
                    twin.Waiting.Add(record);
                }
                else if (twin.IsBusy(lane))
                {
                    sequencer.Release(lane);
                    twin.Claims.Remove(lane);
                }
                else if (twin.Free.Any())
                {
                    var into = new StreamRecord[value + 1];
                    int taken = sequencer.Take(lane, into, new BatchBudget(400));
                    Assert.Equal(twin.Take(lane, into.Length), Some.Labels(into.AsSpan(0, taken)));
                }
                AssertSame(twin, sequencer);
            }
        });

    [Fact]
    public void Keys_come_and_go_without_growing_memory()
    {
        var sequencer = new DynamicKeys(Mapping, fixedRecordLength: 400);
        var into = new StreamRecord[5];
        for (int n = 1; n <= 10_000; n++)
        {
            sequencer.Enqueue(Some.Record(n, $"key-{n}"), 600);
            Assert.Equal(1, sequencer.Take(0, into, new BatchBudget(400)));
            sequencer.Release(0);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        StreamRecord[] more = [.. Enumerable.Range(10_001, 100).Select(n => Some.Record(n, $"key-{n}"))];
        long made = GC.GetAllocatedBytesForCurrentThread() - before;
        foreach (ref readonly StreamRecord record in more.AsSpan())
        {
            sequencer.Enqueue(in record, 600);
            sequencer.Take(0, into, new BatchBudget(400));
            sequencer.Release(0);
        }

        Assert.Equal(made, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertSame(Twin twin, DynamicKeys sequencer)
    {
        StreamRecord[] free = [.. twin.Free];
        Assert.Equal(new Waiting(free.Length, free.Sum(record => (long)record.EventLength + 400)), sequencer.WaitingFor(0));
        Assert.Equal(twin.Waiting.Count == 0 ? null : twin.Waiting.Min(record => record.SequenceNumber), sequencer.LowestWaiting);
        Assert.Equal(twin.Claims.Count < Lanes && free.Length < 5, sequencer.HasHungryLane);
        foreach (StreamRecord record in twin.Waiting)
            Assert.Equal(twin.IsClaimed(record) ? Admission.FallBehind : Admission.Take, sequencer.Admit(record.KeyHash));
        var lowest = new Dictionary<UInt128, SequenceNumber>();
        sequencer.CollectWaiting(lowest);
        Assert.Equal(twin.Waiting.GroupBy(record => record.KeyHash).Select(key => (key.Key, key.First().SequenceNumber)).Order(), lowest.Select(mark => (mark.Key, mark.Value)).Order());
    }

    private sealed class Twin
    {
        public List<StreamRecord> Waiting { get; } = [];

        public Dictionary<int, HashSet<UInt128>> Claims { get; } = [];

        public IEnumerable<StreamRecord> Free => Waiting.Where(record => !IsClaimed(record));

        public bool IsBusy(int lane) => Claims.ContainsKey(lane);

        public bool IsClaimed(StreamRecord record) => Claims.Values.Any(keys => keys.Contains(record.KeyHash));

        public int[] Take(int lane, int limit)
        {
            StreamRecord[] taken = [.. Free.Take(limit)];
            Claims[lane] = [.. taken.Select(record => record.KeyHash)];
            Waiting.RemoveAll(record => taken.Any(other => other.SequenceNumber == record.SequenceNumber));
            return Some.Labels(taken);
        }
    }
}
