namespace LambdaStreamRunner.Aggregation.Tests;

public class RecordAggregatorTests
{
    [Fact]
    public void It_writes_what_the_module_for_Node_writes_to_the_byte()
    {
        var aggregator = new RecordAggregator();
        foreach ((string key, string? hashKey, byte[] data) in Vectors.NodesRecords)
            Assert.True(aggregator.TryAdd(key, data, hashKey));

        AggregatedBlob blob = aggregator.Take()!;

        Assert.Equal(Convert.ToHexString(Vectors.Node), Convert.ToHexString(blob.Data.Span));
        Assert.Equal(("p1", null, 4), (blob.PartitionKey, blob.ExplicitHashKey, blob.UserRecordCount));
    }

    [Fact]
    public void The_Kinesis_record_goes_where_its_first_user_record_goes()
    {
        var aggregator = new RecordAggregator();
        aggregator.TryAdd("first", [1], Vectors.MiddleOfTheHashSpace);
        aggregator.TryAdd("second", [2]);

        AggregatedBlob blob = aggregator.Take()!;

        Assert.Equal(("first", Vectors.MiddleOfTheHashSpace), (blob.PartitionKey, blob.ExplicitHashKey));
    }

    [Fact]
    public void Keys_are_written_once()
    {
        var aggregator = new RecordAggregator();
        string key = new('k', 200);
        aggregator.TryAdd(key, [1], Vectors.MiddleOfTheHashSpace);
        int before = aggregator.Size;

        aggregator.TryAdd(key, [2], Vectors.MiddleOfTheHashSpace);

        Assert.Equal(9, aggregator.Size - before);            // two indexes, a byte, and what announces them
    }

    [Fact]
    public void What_would_pass_the_size_is_not_added()
    {
        var aggregator = new RecordAggregator(sizeMax: 100);
        Assert.True(aggregator.TryAdd("a", new byte[40]));
        int size = aggregator.Size;

        Assert.True(aggregator.SizeWith("b", 40) > 100);
        Assert.False(aggregator.TryAdd("b", new byte[40]));
        Assert.Equal((size, 1), (aggregator.Size, aggregator.Count));
        Assert.Equal(size, aggregator.Take()!.Data.Length);
    }

    [Fact]
    public void A_record_that_fits_to_the_byte_is_added()
    {
        var aggregator = new RecordAggregator(sizeMax: 100);
        int room = 100 - aggregator.SizeWith("a", 0);

        Assert.False(aggregator.TryAdd("a", new byte[room + 1]));
        Assert.True(aggregator.TryAdd("a", new byte[room]));
        Assert.Equal(100, aggregator.Take()!.Data.Length);
    }

    [Fact]
    public void A_record_that_is_too_large_for_any_aggregate_is_not_added_to_an_empty_one()
    {
        var aggregator = new RecordAggregator();

        Assert.False(aggregator.TryAdd("a", new byte[RecordAggregator.DefaultSizeMax]));
        Assert.Null(aggregator.Take());
    }

    [Fact]
    public void Taking_starts_anew()
    {
        var aggregator = new RecordAggregator();
        aggregator.TryAdd("a", [1]);
        AggregatedBlob first = aggregator.Take()!;
        aggregator.TryAdd("b", [2]);

        AggregatedBlob second = aggregator.Take()!;

        Assert.Equal("a", Assert.Single(AggregatedRecord.Open("a", first.Data)).PartitionKey);
        Assert.Equal("b", Assert.Single(AggregatedRecord.Open("b", second.Data)).PartitionKey);
        Assert.Null(aggregator.Take());
    }

    [Theory]
    [InlineData(63)]
    [InlineData(RecordAggregator.SizeLimit + 1)]
    public void A_size_that_no_Kinesis_record_can_have_is_refused(int sizeMax) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordAggregator(sizeMax));
}
