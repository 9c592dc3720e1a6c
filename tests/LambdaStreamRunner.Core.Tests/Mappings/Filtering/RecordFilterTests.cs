using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Filtering.Matching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Filtering;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html</summary>
public class RecordFilterTests
{
    [Fact]
    public void Without_filters_everything_passes() => Assert.True(Filtered.Passes(Filtered.RecordOf("no JSON")));

    [Theory]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("")]
    public void An_empty_pattern_lets_everything_pass(string data) => Assert.True(Filtered.Passes(Filtered.RecordOf(data), "{}"));

    [Fact]
    public void Filters_are_alternatives()
    {
        string[] patterns = ["""{"data":{"a":[1]}}""", """{"partitionKey":["order-18"]}""", """{"data":{"b":[2]}}"""];

        Assert.True(Filtered.Passes(Filtered.RecordOf("""{"b":3,"a":1}"""), patterns));
        Assert.True(Filtered.Passes(Filtered.RecordOf("""{"a":3,"b":2}"""), patterns));
        Assert.True(Filtered.Passes(Filtered.RecordOf("no JSON", key: "order-18"), patterns));
        Assert.False(Filtered.Passes(Filtered.RecordOf("""{"a":2,"b":1}"""), patterns));
    }

    [Theory]
    [InlineData("""{"a":1,"b":"x"}""", true)]
    [InlineData("""{"b":"x","more":[1,2,{"a":9}],"a":1}""", true)]
    [InlineData("""{"a":1}""", false)]
    [InlineData("""{"a":1,"b":"y"}""", false)]
    public void Fields_of_a_pattern_are_all_wanted(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"a":[1],"b":["x"]}"""));

    [Theory]
    [InlineData("""{"user":{"address":{"city":"Bern"}}}""", true)]
    [InlineData("""{"user":{"address":{"city":"Rom"}}}""", false)]
    [InlineData("""{"user":{"city":"Bern"}}""", false)]
    [InlineData("""{"user":"Bern"}""", false)]
    [InlineData("""{"user":[{"address":{"city":"Rom"}},{"address":[{"city":["Bern"]}]}]}""", true)]
    [InlineData("""{"us\u0065r":{"address":{"\u0063ity":"Bern"}}}""", true)]
    public void Objects_are_matched_inside_objects(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"user":{"address":{"city":["Bern"]}}}"""));

    [Theory]
    [InlineData("""{"items":[{"id":1,"n":5},{"id":2,"n":6}]}""", false)]
    [InlineData("""{"items":[{"id":1,"n":5},{"id":1,"n":6}]}""", true)]
    public void One_object_of_a_list_must_match_alone(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"items":{"id":[1],"n":[6]}}"""));

    [Theory]
    [InlineData("""{"a":1,"b":2}""", true)]
    [InlineData("""{"a":1,"c":3,"d":4}""", true)]
    [InlineData("""{"a":1,"c":3}""", false)]
    [InlineData("""{"a":2,"b":2}""", false)]
    [InlineData("""{"d":4,"c":3,"b":9,"a":1}""", true)]
    public void Or_wants_one_of_its_alternatives_besides_the_fields(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"a":[1],"$or":[{"b":[2]},{"c":[3],"d":[4]}]}"""));

    [Theory]
    [InlineData("""{"a":1}""", true)]
    [InlineData("""{"a":[5,2]}""", true)]
    [InlineData("""{"a":{"b":[3]}}""", true)]
    [InlineData("""{"a":4}""", false)]
    public void Alternatives_may_speak_of_the_same_field(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"$or":[{"a":[1]},{"a":[2]},{"a":{"b":[3]}}]}"""));

    [Theory]
    [InlineData("""{"data":{"a":[1]},"partitionKey":["order-17"]}""", true)]
    [InlineData("""{"data":{"a":[1]},"partitionKey":["order-18"]}""", false)]
    [InlineData("""{"$or":[{"data":{"a":[2]}},{"partitionKey":[{"prefix":"order-"}]}]}""", true)]
    [InlineData("""{"$or":[{"data":{"a":[2]}},{"data":{"a":[1]}}]}""", true)]
    [InlineData("""{"sequenceNumber":[{"prefix":"4"}]}""", true)]
    [InlineData("""{"sequenceNumber":[4]}""", false)]
    [InlineData("""{"approximateArrivalTimestamp":[1767225600]}""", true)]
    [InlineData("""{"approximateArrivalTimestamp":[{"numeric":[">",1767225600]}]}""", false)]
    [InlineData("""{"kinesisSchemaVersion":["1.0"]}""", true)]
    [InlineData("""{"kinesis":{"data":{"a":[1]}}}""", false)]
    [InlineData("""{"eventName":[{"exists":false}]}""", true)]
    public void Fields_of_the_record_itself(string pattern, bool passes) =>
        Assert.Equal(passes, Filtered.Passes(Filtered.RecordOf("""{"a":1}"""), pattern));

    [Theory]
    [InlineData("a=1")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("1")]
    [InlineData("\"a\"")]
    [InlineData("[{\"a\":1}]")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} {\"a\":1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,\"b\":[1,2}")]
    [InlineData("{\"a\":1,\"b\":tru}")]
    [InlineData("{\"a\":1 /* one */}")]
    [InlineData("\uFEFF{\"a\":1}")]
    public void Data_that_is_no_JSON_object_matches_no_pattern_for_data(string data)
    {
        Assert.False(Filtered.DataPasses(data, """{"a":[1]}"""));
        Assert.False(Filtered.DataPasses(data, """{"b":[{"exists":false}]}"""));
        Assert.True(Filtered.Passes(Filtered.RecordOf(data), """{"partitionKey":["order-17"]}"""));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_no_JSON()
    {
        byte[] data = [.. "{\"a\":1,\"b\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        Assert.False(Filtered.Passes(StreamRecord.Create("key", data, Some.Number(1), Some.Time), """{"data":{"a":[1]}}"""));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", true)]
    [InlineData("""{"a":2,"a":1}""", false)]
    [InlineData("""{"a":1,"\u0061":2}""", true)]
    [InlineData("""{"a":{"x":1},"a":2}""", true)]
    [InlineData("""{"a":[2],"a":[]}""", false)]
    public void A_name_that_is_there_twice_counts_as_it_is_there_last(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"a":[2]}"""));

    [Theory]
    [InlineData("""{"o":{"n/m":1},"o":{"n\/m":2}}""", true)]
    [InlineData("""{"o":{"n/m":1,"n\/m":2}}""", true)]
    [InlineData("""{"o":{"n/m":2,"n\/m":1}}""", false)]
    public void Also_when_it_is_escaped_in_another_way(string data, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, """{"o":{"n/m":[2]}}"""));

    [Theory]
    [InlineData("""{"\ud800":1,"a":"\ud800"}""", """{"a":["x"]}""", false)]
    [InlineData("""{"\ud800":1,"a":"\ud800"}""", """{"a":[{"anything-but":"x"}]}""", true)]
    [InlineData("""{"\ud800":1,"a":"\ud800"}""", """{"a":[{"exists":true}]}""", true)]
    [InlineData("""{"a":"\ud83d\ude00"}""", """{"a":["😀"]}""", true)]
    public void Half_of_a_surrogate_pair_equals_nothing(string data, string pattern, bool passes) =>
        Assert.Equal(passes, Filtered.DataPasses(data, pattern));

    [Fact]
    public void Nothing_is_read_behind_the_field_that_decides()
    {
        // What follows is no JSON: an exception would say so, and take memory.
        StreamRecord record = Filtered.RecordOf($$"""{"a":1,{{new string('x', 1_000_000)}}""");
        var filter = new RecordFilter(FilterCriteria.Parse("""{"data":{"a":[2],"b":[3]}}"""));
        Assert.False(filter.Matches(in record));

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(filter.Matches(in record));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Deep_data_is_read_and_deeper_data_is_none()
    {
        string Nested(int depth) => $$"""{"deep":{{new string('[', depth)}}{{new string(']', depth)}},"a":1}""";

        Assert.True(Filtered.DataPasses(Nested(900), """{"a":[1]}"""));
        Assert.False(Filtered.DataPasses(Nested(1_000_000), """{"a":[1]}"""));
        Assert.False(Filtered.DataPasses($$"""{"a":{{new string('[', 1_000_000)}}""", """{"a":[1]}"""));
    }

    [Fact]
    public void The_deepest_pattern_matches_without_running_out_of_stack()
    {
        const int depth = 62;
        string pattern = $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}[1]{new string('}', depth)}";
        string data = $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{new string('}', depth)}";

        Assert.True(Filtered.DataPasses(data, pattern));
    }

    [Fact]
    public void No_memory_is_allocated_for_a_record()
    {
        var filter = new RecordFilter(FilterCriteria.Parse(
            """{"data":{"user":{"name":[{"prefix":"B"},{"equals-ignore-case":"alice"}]},"n":[{"numeric":[">",5]}],"$or":[{"x":[1]},{"y":[{"exists":false}]}]}}""",
            """{"partitionKey":["other"],"sequenceNumber":[{"suffix":"1"}],"approximateArrivalTimestamp":[1]}"""));
        StreamRecord[] records =
        [
            Filtered.RecordOf("""{"list":[1,2,{"x":"y"}],"user":{"name":"B\u00e9a"},"n":6.5,"x":1}"""),
            Filtered.RecordOf("""{"user":[{"name":"Carl"},{"name":"AL\u0049CE"}],"n":[1,"7",9]}"""),
            Filtered.RecordOf("""{"user":{"name":"Carl"}}"""),
            Filtered.RecordOf("no JSON at all"),
        ];
        bool[] Match() => [.. records.Select(record => filter.Matches(in record))];
        Assert.Equal([true, true, false, false], Match());

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            foreach (ref readonly StreamRecord record in records.AsSpan())
                filter.Matches(in record);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
