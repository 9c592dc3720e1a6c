using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings.Batching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Batching;

public class BatchBudgetTests
{
    // What two records may take beside the envelope and the comma between them.
    private const int Room = KinesisEventFormat.EventLengthMax - KinesisEventFormat.EnvelopeLength - 1;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Two_records_and_the_comma_between_them_may_fill_the_event_exactly(int more, bool fits)
    {
        StreamRecord first = Some.Record(1, "k");
        string key = new('k', 1 + (Room % 2) + more);         // a letter of the key is a byte of the event
        StreamRecord second = Some.Record(2, key);
        int fixedLength = (Room + more - first.EventLength - second.EventLength) / 2;
        Assert.Equal(Room + more, first.EventLength + second.EventLength + (2 * fixedLength));
        var budget = new BatchBudget(fixedLength);

        Assert.True(budget.TryAdd(in first));
        Assert.Equal(fits, budget.TryAdd(in second));
    }

    [Fact]
    public void The_first_record_is_added_whatever_its_length()
    {
        StreamRecord record = Some.Record(1);

        Assert.True(new BatchBudget(KinesisEventFormat.EventLengthMax).TryAdd(in record));
    }
}
