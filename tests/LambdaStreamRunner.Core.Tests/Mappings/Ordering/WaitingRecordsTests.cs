using CsCheck;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Ordering;

public class WaitingRecordsTests
{
    [Fact]
    public void The_lowest_is_known_however_records_come_and_go() => Gen.Int[0, 1_000].Array[1, 200].Sample(steps =>
    {
        var records = new WaitingRecords();
        var slots = new SortedDictionary<int, int>();
        foreach (int step in steps)
        {
            if (slots.Remove(step, out int slot))
                records.Remove(slot);
            else if (step % 4 == 0 && slots.Count > 0)
            {
                (int label, int lowest) = slots.First();
                Assert.Equal(label, Some.Label(records[lowest]));
                records.Remove(lowest);
                slots.Remove(label);
            }
            else
                slots.Add(step, records.Add(Some.Record(step)));
            Assert.Equal(slots.Count == 0 ? null : Some.Number(slots.First().Key), records.Lowest);
        }
    });

    [Fact]
    public void Records_of_a_key_are_chained()
    {
        var records = new WaitingRecords();
        int first = records.Add(Some.Record(1));
        records.Add(Some.Record(2, "other"));
        int third = records.Add(Some.Record(3));
        records.Chain(first, third);

        Assert.Equal(third, records.Remove(first));
        Assert.Equal<SequenceNumber?>(Some.Number(2), records.Lowest);
    }
}
