using System.Text;

namespace LambdaStreamRunner.Aggregation.Tests;

public class AggregatedRecordTests
{
    [Fact]
    public void What_the_module_for_Node_aggregated_is_opened_in_order()
    {
        IReadOnlyList<UserRecord> records = AggregatedRecord.Open("p1", Vectors.Node);

        Assert.Equal(Vectors.NodesRecords.Select(record => (record.Key, record.HashKey)), records.Select(record => (record.PartitionKey, record.ExplicitHashKey)));
        Assert.Equal(Vectors.NodesRecords.Select(record => record.Data), records.Select(record => record.Data.ToArray()));
        Assert.Equal([0, 1, 2, 3], records.Select(record => record.SubSequenceNumber));
        Assert.All(records, record => Assert.True(record.IsAggregated));
    }

    [Fact]
    public void Fields_come_in_any_order_and_unknown_ones_are_passed_over()
    {
        UserRecord record = Assert.Single(AggregatedRecord.Open("late", Vectors.Shuffled));

        Assert.Equal(("late", "42", "x"), (record.PartitionKey, record.ExplicitHashKey, Encoding.UTF8.GetString(record.Data.Span)));
    }

    [Fact]
    public void A_record_that_is_not_aggregated_is_its_own_only_user_record()
    {
        byte[] data = "plain"u8.ToArray();

        UserRecord record = Assert.Single(AggregatedRecord.Open("key", data));

        Assert.Equal(new UserRecord("key", null, data, 0, IsAggregated: false), record);
        Assert.False(AggregatedRecord.IsAggregated(data));
    }

    [Fact]
    public void A_stream_is_read_as_a_whole_and_left_where_it_was()
    {
        using var exposed = new MemoryStream();
        exposed.Write(Vectors.Node);
        using var hidden = new MemoryStream(Vectors.Node, writable: false);

        Assert.Equal(4, AggregatedRecord.Open("p1", exposed).Count);
        Assert.Equal(4, AggregatedRecord.Open("p1", hidden).Count);
        Assert.Equal((Vectors.Node.Length, 0), (exposed.Position, hidden.Position));
    }

    [Fact]
    public void Data_refers_to_the_records_memory()
    {
        byte[] data = [.. Vectors.Node];

        Assert.True(data.AsSpan().Overlaps(AggregatedRecord.Open("p1", data)[0].Data.Span));
    }

    [Fact]
    public void One_flipped_bit_anywhere_hands_the_record_through_untouched()
    {
        for (int i = 0; i < Vectors.Node.Length; i++)
        {
            byte[] damaged = [.. Vectors.Node];
            damaged[i] ^= 0x10;
            AssertUntouched(damaged);
        }
    }

    [Fact]
    public void A_record_that_was_cut_short_is_handed_through_untouched()
    {
        for (int length = 0; length < Vectors.Node.Length; length++)
            AssertUntouched(Vectors.Node[..length]);
    }

    public static TheoryData<string, string> BrokenMessages => new()
    {
        { "no message", "" },
        { "a partition key index past the table", "0a0161" + "1a0508011a0178" },
        { "a partition key index of 64 bits", "0a0161" + "1a0e08ffffffffffffffffff011a0178" },
        { "an explicit hash key index past the table", "0a0161" + "1a07080010001a0178" },
        { "no partition key index", "0a0161" + "1a031a0178" },
        { "no data", "0a0161" + "1a020800" },
        { "a length past the end", "0a7f61" },
        { "a length of 64 bits", "0affffffffffffffffff01" },
        { "a number without end", "50ffffffffffffffffffff01" },
        { "a number that is cut off", "5080" },
        { "field number 0", "0200" },
        { "a wire type that does not exist", "0f" },
        { "the end of a group that was not begun", "54" },
        { "a group without end", "53" },
        { "the end of another group", "535c" },
        { "101 groups in one another", string.Concat(Enumerable.Repeat("53", 101)) + string.Concat(Enumerable.Repeat("54", 101)) },
        { "eight bytes that are not there", "5100000000" },
        { "a good record before a bad one", "0a0161" + "1a0508001a0178" + "1a0508011a0178" },
    };

    [Theory]
    [MemberData(nameof(BrokenMessages))]
    public void A_broken_message_with_a_right_checksum_is_handed_through_untouched(string what, string message)
    {
        Assert.NotEmpty(what);
        AssertUntouched(Vectors.Wrap(Convert.FromHexString(message)));
    }

    [Theory]
    [InlineData("0a0161" + "535b085c" + "54" + "1a0508001a0178", "groups, the inner one with a field that is cut off by its end")]
    [InlineData("0a0161" + "535b0807" + "5c54" + "1a0508001a0178", null)]
    [InlineData("0a0161" + "5100000000000000005500000000" + "1a0508001a0178", null)]
    public void Fields_of_every_wire_type_are_passed_over(string message, string? complaint)
    {
        IReadOnlyList<UserRecord> records = AggregatedRecord.Open("key", Vectors.Wrap(Convert.FromHexString(message)));

        Assert.Equal(complaint is null, Assert.Single(records).IsAggregated);
    }

    [Fact]
    public void An_aggregate_of_nothing_holds_no_user_record() =>
        Assert.Empty(AggregatedRecord.Open("key", Vectors.Wrap([0x0a, 0x01, (byte)'a'])));

    private static void AssertUntouched(byte[] data)
    {
        UserRecord record = Assert.Single(AggregatedRecord.Open("key", data));
        Assert.Equal(new UserRecord("key", null, data, 0, IsAggregated: false), record);
    }
}
