using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;

namespace LambdaStreamRunner.Core.Tests.Mappings.Filtering;

public class FilterPatternTests
{
    [Theory]
    [InlineData("", "is not JSON (line 1, byte 1)")]
    [InlineData("plain", "is not JSON (line 1, byte 1)")]
    [InlineData("{\"data\":{\"a\":[1]}", "is not JSON (line 1, byte 18)")]
    [InlineData("{\"data\":{\"a\":[1],}}", "is not JSON")]
    [InlineData("\"data\"", "must be an object in braces")]
    [InlineData("[{\"data\":{\"a\":[1]}}]", "must be an object in braces")]
    [InlineData("{\"data\":[\"x\"]}", "must have an object in data")]
    [InlineData("{\"data\":\"x\"}", "must have an object in data")]
    [InlineData("{\"data\":null}", "must have an object in data")]
    [InlineData("{\"data\":{}}", "has nothing in data")]
    [InlineData("{\"data\":{\"a\":{}}}", "has nothing in data.a")]
    [InlineData("{\"data\":{\"a\":1}}", "has 1 in data.a; write values in a list: [1].")]
    [InlineData("{\"data\":{\"a\":\"x\"}}", "has \"x\" in data.a; write values in a list: [\"x\"].")]
    [InlineData("{\"data\":{\"a\":null}}", "has null in data.a")]
    [InlineData("{\"data\":{\"a\":[]}}", "has an empty list in data.a")]
    [InlineData("{\"data\":{\"a\":[\"x\",[1]]}}", "has a list in the list at data.a[1]")]
    [InlineData("{\"data\":{\"a\":[{}]}}", "has 0 operators in one object at data.a[0]")]
    [InlineData("{\"data\":{\"a\":[{\"exists\":false,\"prefix\":\"x\"}]}}", "has 2 operators in one object at data.a[0]")]
    [InlineData("{\"data\":{\"a\":[{\"starts-with\":\"x\"}]}}", "has \"starts-with\" at data.a[0], which is no operator")]
    [InlineData("{\"data\":{\"a\":[{\"wildcard\":\"x*\"}]}}", "has \"wildcard\" at data.a[0], which EventBridge knows")]
    [InlineData("{\"data\":{\"a\":[{\"cidr\":\"10.0.0.0/24\"}]}}", "has \"cidr\" at data.a[0], which EventBridge knows")]
    [InlineData("{\"data\":{\"a\":[{\"prefix\":1}]}}", "has 1 for prefix at data.a[0]; write a text.")]
    [InlineData("{\"data\":{\"a\":[{\"suffix\":[\"x\"]}]}}", "has [\"x\"] for suffix")]
    [InlineData("{\"data\":{\"a\":[{\"equals-ignore-case\":null}]}}", "has null for equals-ignore-case")]
    [InlineData("{\"data\":{\"a\":[{\"exists\":\"true\"}]}}", "has \"true\" for exists at data.a[0]; write true or false.")]
    [InlineData("{\"data\":{\"a\":[{\"anything-but\":[]}]}}", "has [] for anything-but")]
    [InlineData("{\"data\":{\"a\":[{\"anything-but\":[1,\"x\"]}]}}", "has [1,\"x\"] for anything-but")]
    [InlineData("{\"data\":{\"a\":[{\"anything-but\":{\"prefix\":\"x\"}}]}}", "for anything-but")]
    [InlineData("{\"data\":{\"a\":[{\"anything-but\":true}]}}", "for anything-but")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":5}]}}", "has 5 for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[\">\"]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[\">\",\"5\"]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[\"!=\",5]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[\"<\",5,\">\",3]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[\">\",3,\">\",5]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"a\":[{\"numeric\":[\">\",3,\"=\",5]}]}}", "for numeric")]
    [InlineData("{\"data\":{\"$or\":{\"a\":[1]}}}", "needs a list of two objects or more in data.$or")]
    [InlineData("{\"data\":{\"$or\":[{\"a\":[1]}]}}", "needs a list of two objects or more in data.$or")]
    [InlineData("{\"data\":{\"$or\":[{\"a\":[1]},5]}}", "has 5 in data.$or")]
    [InlineData("{\"$or\":[{\"data\":[\"x\"]},{\"data\":{\"a\":[1]}}]}", "must have an object in data")]
    [InlineData("{\"$or\":[{},{\"data\":{\"a\":[1]}}]}", "has an empty object in $or")]
    [InlineData("{\"partitionKey\":\"x\"}", "has \"x\" in partitionKey")]
    [InlineData("{\"data\":{\"a\":[\"\\ud800\"]}}", "has half of a surrogate pair in data.a[0]")]
    [InlineData("{\"data\":{\"\\ud800\":[1]}}", "has half of a surrogate pair in a name of data")]
    public void A_mistake_is_told_with_its_place(string text, string reason)
    {
        Assert.False(FilterPattern.TryParse(text, out _, out string? told));
        Assert.Contains(reason, told, StringComparison.Ordinal);
        Assert.StartsWith("Invalid filter pattern definition. It ", Assert.Throws<FormatException>(() => FilterPattern.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_has_4096_characters_at_most()
    {
        string Pattern(int length) => $"{{\"data\":{{\"a\":[\"{new string('é', length - 21)}\"]}}}}  ";

        Assert.Equal(4_096, Pattern(4_096).Length);
        Assert.True(FilterPattern.TryParse(Pattern(4_096), out _, out _));
        Assert.False(FilterPattern.TryParse(Pattern(4_097), out _, out string? reason));
        Assert.Equal("has 4097 characters; AWS takes 4096 at most.", reason);
    }

    [Fact]
    public void A_pattern_may_hold_half_of_a_surrogate_pair_as_little() =>
        Assert.False(FilterPattern.TryParse("{\"data\":{\"a\":[\"\uD800\"]}}", out _, out _));

    [Fact]
    public void A_pattern_that_is_nested_too_deeply_is_refused_and_not_followed()
    {
        string text = $"{string.Concat(Enumerable.Repeat("{\"a\":", 600))}[1]{new string('}', 600)}";

        Assert.False(FilterPattern.TryParse(text, out _, out _));
    }

    [Fact]
    public void A_name_that_is_there_twice_counts_as_it_is_there_last()
    {
        Assert.False(Filtered.DataPasses("""{"a":1}""", """{"a":[1],"a":[2]}"""));
        Assert.True(Filtered.DataPasses("""{"a":2}""", """{"a":[1],"a":[2]}"""));
        Assert.True(Filtered.DataPasses("""{"a":2}""", """{"a":{"b":[1]},"\u0061":[2]}"""));
    }

    [Fact]
    public void Criteria_keep_their_texts_and_are_equal_when_these_are()
    {
        const string Pattern = """{ "data" : { "a":[1] } }""";
        FilterCriteria criteria = FilterCriteria.Parse(Pattern, "{}");

        Assert.Equal([Pattern, "{}"], criteria.Filters.Select(filter => filter.Text));
        Assert.Equal(criteria, FilterCriteria.Parse(Pattern, "{}"));
        Assert.Equal(criteria.GetHashCode(), FilterCriteria.Parse(Pattern, "{}").GetHashCode());
        Assert.NotEqual(criteria, FilterCriteria.Parse("""{"data":{"a":[1]}}""", "{}"));
        Assert.NotEqual(criteria, FilterCriteria.Parse("{}", Pattern));
        Assert.Equal(new EventSourceMapping { FilterCriteria = criteria }, new EventSourceMapping { FilterCriteria = FilterCriteria.Parse(Pattern, "{}") });
        Assert.Equal(new EventSourceMapping(), new EventSourceMapping { FilterCriteria = FilterCriteria.Parse() });
    }

    [Theory]
    [InlineData("""{"data":{"n":[{"numeric":[">",5,"<",3]}]}}""", "can never match: no number lies in the range of data.n.")]
    [InlineData("""{"data":{"n":[{"numeric":[">=",5,"<",5]}]}}""", "can never match: no number lies in the range of data.n.")]
    [InlineData("""{"data":{"o":{"n":[{"numeric":[">",5,"<",3]}]},"a":[1]}}""", "can never match: no number lies in the range of data.o.n.")]
    [InlineData("""{"data":{"a":[{"exists":false}],"$or":[{"a":["x"]},{"a":[1],"b":[2]}]}}""", "can never match: data.a would have to be absent and there at the same time.")]
    [InlineData("""{"data":{"a":["x"],"$or":[{"a":[{"exists":false}]},{"n":[{"numeric":[">",5,"<",3]}]}]}}""", "can never match: data.a would have to be absent and there at the same time.")]
    [InlineData("""{"kinesis":{"data":{"a":[1]}}}""", "can never match: filters see a record without kinesis around it. Write {\"data\":{...}} at the top.")]
    [InlineData("""{"user":{"id":[1]}}""", "can never match: a record has no field user. Write {\"data\":{\"user\":...}} for one of its data.")]
    public void A_pattern_that_no_record_can_match_is_remarked_on(string pattern, string remark) =>
        Assert.Equal([remark], FilterPattern.Parse(pattern).Remarks);

    [Theory]
    [InlineData("""{"partitionKey":[5]}""", "can never match: partitionKey is a text, and none of the values is one that it can have.")]
    [InlineData("""{"partitionKey":[{"exists":false}]}""", "can never match: partitionKey is a text, and none of the values is one that it can have.")]
    [InlineData("""{"sequenceNumber":[{"numeric":[">",5]}]}""", "can never match: sequenceNumber is a text, and none of the values is one that it can have.")]
    [InlineData("""{"approximateArrivalTimestamp":["x"]}""", "can never match: approximateArrivalTimestamp is a number, and none of the values is one that it can have.")]
    [InlineData("""{"approximateArrivalTimestamp":{"x":[1]}}""", "can never match: approximateArrivalTimestamp is a number, and has no fields.")]
    [InlineData("""{"kinesisSchemaVersion":["2.0"]}""", "can never match: kinesisSchemaVersion is always \"1.0\", and none of the values is one that it can have.")]
    public void So_is_one_that_asks_a_field_of_the_record_for_what_it_cannot_hold(string pattern, string remark) =>
        Assert.Equal(remark, FilterPattern.Parse(pattern).Remarks[0]);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"data":{"a":["x",{"numeric":[">",5,"<",3]}]}}""")]
    [InlineData("""{"data":{"a":[{"exists":false}],"$or":[{"a":["x"]},{"b":[1]}]}}""")]
    [InlineData("""{"data":{"a":[{"exists":false}],"$or":[{"a":{"b":[1]}},{"a":{"c":[1]}}]}}""")]
    [InlineData("""{"data":{"a":["x"],"$or":[{"a":["y"]},{"a":["z"]}]}}""")]
    [InlineData("""{"eventName":[{"exists":false}]}""")]
    public void A_pattern_that_some_record_matches_is_not(string pattern) => Assert.Empty(FilterPattern.Parse(pattern).Remarks);

    [Fact]
    public void Fields_besides_data_are_remarked_on() => Assert.Equal(
        [
            "names partitionKey; AWS's pages promise filters on data only. Try it on AWS before you rely on it.",
            "names sequenceNumber; AWS's pages promise filters on data only. Try it on AWS before you rely on it.",
        ],
        FilterPattern.Parse("""{"partitionKey":["x"],"$or":[{"sequenceNumber":[{"prefix":"4"}]},{"data":{"a":[1]}}]}""").Remarks);
}
