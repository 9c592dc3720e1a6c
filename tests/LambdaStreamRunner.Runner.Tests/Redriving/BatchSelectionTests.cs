using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Redriving;

namespace LambdaStreamRunner.Runner.Tests.Redriving;

/// <summary>A document names the first and the last record of a batch; with more lanes than one, others lie between them.</summary>
public class BatchSelectionTests
{
    private static readonly StreamRecord[] Range = [.. Enumerable.Range(1, 20).Select(number => Record(number, $"key-{number % 7}"))];

    [Fact]
    public void With_one_lane_the_range_is_the_batch()
    {
        BatchSelection batch = BatchSelection.Of(DocumentOf(1, 20, 20), MappingOf(settings => settings), Range, HashKeyRange.Full);

        Assert.Equal((20, 0, null), (batch.Records.Length, batch.Missing, batch.Warning));
    }

    [Fact]
    public void With_hash_lanes_it_is_the_records_of_the_last_one_s_lane()
    {
        MappingConfiguration mapping = MappingOf(settings => settings with { ParallelizationFactor = 4 });
        var lanes = new HashLaneFinder(mapping.Settings, HashKeyRange.Full);
        StreamRecord[] ofLane = [.. Range.Where(record => lanes.LaneOf(record) == lanes.LaneOf(Range[^1]))];
        Assert.InRange(ofLane.Length, 2, 19);

        BatchSelection batch = BatchSelection.Of(DocumentOf(1, 20, ofLane.Length), mapping, Range, HashKeyRange.Full);

        Assert.Equal(ofLane.Select(NumberOf), batch.Records.Select(NumberOf));
        Assert.Null(batch.Warning);
    }

    [Fact]
    public void Records_that_pass_no_filter_were_not_in_the_batch()
    {
        MappingConfiguration mapping = MappingOf(settings => settings with { FilterCriteria = FilterCriteria.Parse("""{"partitionKey":["key-3"]}""") });

        BatchSelection batch = BatchSelection.Of(DocumentOf(3, 17, 3), mapping, Range[2..17], HashKeyRange.Full);

        Assert.Equal((3, 0, null), (batch.Records.Length, batch.Missing, batch.Warning));
        Assert.All(batch.Records, record => Assert.Equal("key-3", record.PartitionKey));
    }

    [Theory]
    [InlineData(LanePolicy.DynamicKeys, true)]
    [InlineData(LanePolicy.HashLanes, false)]
    public void When_the_lane_cannot_be_told_all_are_sent_with_a_warning(LanePolicy policy, bool isRangeKnown)
    {
        MappingConfiguration mapping = MappingOf(settings => settings with { ParallelizationFactor = 4, LanePolicy = policy });

        BatchSelection batch = BatchSelection.Of(DocumentOf(1, 20, 5), mapping, Range, isRangeKnown ? HashKeyRange.Full : null);

        Assert.Equal(20, batch.Records.Length);
        Assert.Contains("holds 20 records, and the batch had 5", batch.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_left_the_stream_is_counted()
    {
        BatchSelection some = BatchSelection.Of(DocumentOf(-2, 20, 23), MappingOf(settings => settings), Range, HashKeyRange.Full);
        BatchSelection all = BatchSelection.Of(DocumentOf(-9, 0, 10), MappingOf(settings => settings with { ParallelizationFactor = 4 }), [], HashKeyRange.Full);

        Assert.Equal((20, 3), (some.Records.Length, some.Missing));
        Assert.Equal((0, 10), (all.Records.Length, all.Missing));
    }

    private static DiscardedDocument DocumentOf(int start, int end, int batchSize) => new(
        "arn:aws:lambda:us-east-1:000000000000:function:Clicks", "arn:aws:kinesis:us-east-1:000000000000:stream/clicks", "shardId-000000000000",
        NumberAt(start), NumberAt(end), batchSize);

    private static MappingConfiguration MappingOf(Func<EventSourceMapping, EventSourceMapping> change) => Assert.Single(
        new StreamRunnerOptions().AddStream("clicks").AddFunction("Clicks", (Stream _) => { }).AddMapping("clicks", "Clicks", change).Configuration.Mappings);

    private static StreamRecord Record(int number, string key) => StreamRecord.Create(key, "x"u8, NumberAt(number), DateTimeOffset.UnixEpoch);

    private static SequenceNumber NumberAt(int number) => SequenceNumber.Parse(string.Create(CultureInfo.InvariantCulture, $"49600000000000000000000000000000000000000000000000000{number + 500}"));

    private static string NumberOf(StreamRecord record) => record.SequenceNumber.ToString();
}
