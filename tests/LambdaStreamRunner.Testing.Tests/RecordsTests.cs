namespace LambdaStreamRunner.Testing.Tests;

public class RecordsTests
{
    [Fact]
    public void Records_of_a_key_are_called_by_their_payloads_when_these_are_short()
    {
        var records = Records.Of("order-1", "placed", """{"event":"paid"}""", "shipped");

        Assert.Equal(["placed", "order-1#2", "shipped"], records.Select(record => record.Label));
        Assert.Equal("""{"event":"paid"}""", records[1].Text);
    }

    [Fact]
    public void Keys_come_in_turn_and_evenly()
    {
        var records = Records.RoundRobin(keys: 2, count: 4, perSecond: 10);

        Assert.Equal(["key-1#1", "key-2#1", "key-1#2", "key-2#2"], records.Select(record => record.Label));
        Assert.Equal([0, 100, 200, 300], records.Select(record => record.At.TotalMilliseconds));
    }

    [Fact]
    public void A_few_keys_have_most_records_of_a_Zipf_distribution()
    {
        int[] counts = [.. Records.Zipf(keys: 10, count: 10_000).CountBy(record => record.Key).Select(key => key.Value).OrderDescending()];

        Assert.Equal(10, counts.Length);
        Assert.InRange(counts[0], 3_000, 3_800);              // 1 / (1 + 1/2 + ... + 1/10) of them
        Assert.InRange(counts[^1], 240, 440);
    }

    [Fact]
    public void A_second_list_begins_when_the_first_has_ended()
    {
        Records records = Records.RoundRobin(keys: 1, count: 2, perSecond: 1).Then(Records.RoundRobin(keys: 1, count: 1).After(TimeSpan.FromSeconds(5)));

        Assert.Equal([0, 1, 6], records.Select(record => record.At.TotalSeconds));
        Assert.Equal(["key-1#1", "key-1#2", "key-1#3"], records.Select(record => record.Label));
    }

    [Fact]
    public void A_record_is_made_poison_or_cut_by_its_key_and_number()
    {
        Records records = Records.RoundRobin(keys: 2, count: 4).Poison("key-1", nth: 2).Truncated("key-2");

        Assert.Equal("key-1#2", Assert.Single(records, record => record.IsPoison).Label);
        Assert.Equal("key", records[1].Text);
    }

    [Fact]
    public void A_record_that_is_not_there_cannot_be_changed()
    {
        var records = Records.RoundRobin(keys: 2, count: 4);

        Assert.StartsWith("There is no record key-1#3: key-1 has 2.", Assert.Throws<ArgumentException>(() => records.Poison("key-1", nth: 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no record other#1: no record has the key other.", Assert.Throws<ArgumentException>(() => records.Truncated("other")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Payloads_are_text_bytes_or_JSON()
    {
        var records = Records.RoundRobin(keys: 1, count: 3);

        Assert.All(records.Payload(_ => "text"), record => Assert.Equal("text", record.Text));
        Assert.All(records.Payload(_ => new byte[] { 1 }), record => Assert.Equal([1], record.Data.ToArray()));
        Assert.All(records.Payload(record => new { OrderId = record.Key }), record => Assert.Equal("""{"orderId":"key-1"}""", record.Text));
    }

    [Fact]
    public void Every_change_gives_a_new_list()
    {
        var records = Records.RoundRobin(keys: 1, count: 1);

        _ = records.Poison("key-1");

        Assert.False(records[0].IsPoison);
    }
}
