using CsCheck;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Ordering;

public class RecordQueueTests
{
    private const int FixedRecordLength = 400;

    [Fact]
    public void It_is_a_queue_with_the_sums_of_what_waits() => Gen.Int[-60, 40].Array[1, 100].Sample(steps =>
    {
        var queue = new RecordQueue();
        var twin = new Queue<StreamRecord>();
        int label = 0;
        foreach (int step in steps)
        {
            for (int i = 0; i < step; i++)
            {
                StreamRecord record = Some.Record(++label, bytes: label % 7);
                queue.Enqueue(in record, record.EventLength + FixedRecordLength);
                twin.Enqueue(record);
            }
            if (step < 0)
            {
                var into = new StreamRecord[-step];
                var budget = new BatchBudget(FixedRecordLength);
                int taken = queue.Take(into, ref budget);
                Assert.Equal(Math.Min(-step, twin.Count), taken);
                Assert.Equal(Enumerable.Range(0, taken).Select(_ => Some.Label(twin.Dequeue())), Some.Labels(into.AsSpan(0, taken)));
            }
            Assert.Equal(twin.Count, queue.Count);
            Assert.Equal(twin.Sum(record => record.RawLength), queue.RawLength);
            Assert.Equal(new Waiting(twin.Count, twin.Sum(record => (long)record.EventLength + FixedRecordLength)), queue.Waiting);
            if (twin.Count > 0)
                Assert.Equal(Some.Label(twin.Peek()), Some.Label(queue.First));
        }
    });

    [Fact]
    public void It_gives_out_what_an_event_can_hold()
    {
        var queue = new RecordQueue();
        for (int n = 1; n <= 3; n++)
            queue.Enqueue(Some.Record(n), Some.Record(n).EventLength + 3_000_000);
        var into = new StreamRecord[3];
        var budget = new BatchBudget(3_000_000);

        Assert.Equal(2, queue.Take(into, ref budget));
        Assert.Equal(3, Some.Label(queue.First));
    }

    [Fact]
    public void Its_first_record_is_given_out_although_no_event_can_hold_it()
    {
        var queue = new RecordQueue();
        for (int n = 1; n <= 2; n++)
            queue.Enqueue(Some.Record(n), Some.Record(n).EventLength + 7_000_000);
        var into = new StreamRecord[2];
        var budget = new BatchBudget(7_000_000);

        Assert.Equal(1, queue.Take(into, ref budget));
    }
}
