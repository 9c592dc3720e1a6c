using System.Text;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Runner.Tests.Input;

public class PartitionKeyExpressionTests
{
    [Theory]
    [InlineData("$.user.id", """{"user":{"id":"u-1"}}""", "u-1")]
    [InlineData("$.user.id", """ { "a": {"id": 1}, "user": { "x": [{"id": 2}], "id": "ü\n" } } """, "ü\n")]
    [InlineData("$.n", """{"n":17}""", "17")]
    [InlineData("$.n", """{"n":1.50}""", "1.50")]
    [InlineData("$.n", """{"n":true}""", "true")]
    [InlineData("$.n", """{"n":"first","n":"last"}""", "last")]
    [InlineData("$.straße", """{"straße":"x"}""", "x")]
    [InlineData("$.items[0].id", """{"items":[{"id":"a"},{"id":"b"}]}""", "a")]
    [InlineData("$.items[?(@.kind=='order')].id", """{"items":[{"kind":"x","id":1},{"kind":"order","id":2}]}""", "2")]
    [InlineData("$['user id']", """{"user id":"u"}""", "u")]
    [InlineData("$.t[0]", """{"t":["2026-09-19T09:08:50Z"]}""", "2026-09-19T09:08:50Z")]
    [InlineData("$.n[0]", """{"n":[true]}""", "true")]
    [InlineData("/^(\\S+)/", "203.0.113.7 - - [19/Sep/2026]", "203.0.113.7")]
    [InlineData("/\\d+/", "order 17 of 20", "17")]
    [InlineData("/user=(\\w+)|id=(\\w+)/", "user=ann", "ann")]
    [InlineData("/(?<=id=)\\d+/", "id=17", "17")]
    [InlineData("/(.)\\1/", "abccd", "c")]
    [InlineData("fixed", "anything", "fixed")]
    [InlineData("$100", "anything", "$100")]
    [InlineData("/", "anything", "/")]
    [InlineData("a/b/", "anything", "a/b/")]
    public void A_key_is_found_by_path_by_expression_or_is_written_out(string expression, string line, string key) =>
        Assert.Equal(key, Find(expression, line).Value);

    [Theory]
    [InlineData("$.user.id", """{"user":{}}""", "has nothing at $.user.id")]
    [InlineData("$.user.id", """{"user":"ann"}""", "has nothing at $.user.id")]
    [InlineData("$.user.id", "[]", "has nothing at $.user.id")]
    [InlineData("$.user.id", "", "is not JSON")]
    [InlineData("$.user.id", "203.0.113.7 - -", "is not JSON")]
    [InlineData("$.id", """{"id":"a"} {""", "is not JSON")]
    [InlineData("$.id", """{"id":"a",}""", "is not JSON")]
    [InlineData("$.id", """{"id":null}""", "has null at $.id")]
    [InlineData("$.id", """{"id":{}}""", "has no text or number at $.id")]
    [InlineData("$.id", """{"id":""}""", "has an empty partition key")]
    [InlineData("$.id", """{"id":"\ud800"}""", "holds text that is not Unicode")]
    [InlineData("$.a[0]", """{"a":[]}""", "has nothing at $.a[0]")]
    [InlineData("$.a[0]", """{'a':['forgiven elsewhere']}""", "is not JSON")]
    [InlineData("$.a[*]", """{"a":[1,2]}""", "has several values at $.a[*]")]
    [InlineData("$.a[0]", """{"a":[null]}""", "has null at $.a[0]")]
    [InlineData("$.a[0]", """{"a":[{}]}""", "has no text or number at $.a[0]")]
    [InlineData("/^(\\S+)/", " starts with a blank", "does not match /^(\\S+)/")]
    [InlineData("/^(\\S*)/", " starts with a blank", "has an empty partition key")]
    [InlineData("/x(y)?/", "x", "matches /x(y)?/ without its first group")]
    public void A_line_without_a_key_says_why(string expression, string line, string reason)
    {
        PartitionKey key = Find(expression, line);

        Assert.False(key.IsFound);
        Assert.Equal(reason, key.Reason);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_key_has_at_most_256_characters(int length, bool isFound)
    {
        string key = new('é', length);

        Assert.Equal(isFound, Find("/.+/", key).IsFound);
        Assert.Equal(isFound, Find("$.k", $$"""{"k":"{{key}}"}""").IsFound);
        Assert.Equal(isFound, PartitionKeyExpression.TryParse(key, out _, out _));
    }

    [Theory]
    [InlineData("", "1 to 256 characters")]
    [InlineData("//", "empty")]
    [InlineData("/(/", "cannot be read")]
    [InlineData("$.a[", "cannot be read")]
    [InlineData("$.a[?(@.b==]", "cannot be read")]
    public void An_expression_that_cannot_be_read_says_why(string expression, string reason)
    {
        Assert.False(PartitionKeyExpression.TryParse(expression, out _, out string? mistake));
        Assert.Contains(reason, mistake, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<FormatException>(() => PartitionKeyExpression.Parse(expression)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$.id")]
    [InlineData("$['id']")]
    [InlineData("/:\"(\\w+)/")]
    [InlineData("/(?<=^..id.:.)\\w+/")]
    public void A_byte_order_mark_before_the_first_line_is_overlooked(string expression)
    {
        byte[] line = [0xEF, 0xBB, 0xBF, .. """{"id":"a"}"""u8];

        Assert.Equal("a", PartitionKeyExpression.Parse(expression).Of(line).Value);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_do_not_stop_an_expression_that_needs_other_bytes()
    {
        byte[] line = [.. "203.0.113.7 "u8, 0xE4, 0xFF];

        Assert.Equal("203.0.113.7", PartitionKeyExpression.Parse("/^(\\S+)/").Of(line).Value);
        Assert.Equal("203.0.113.7", PartitionKeyExpression.Parse("/^\\S+/").Of(line).Value);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_no_key_of_a_JSON_path()
    {
        byte[] line = [.. """{"id":" """u8, 0xE4, .. "\"}"u8];

        Assert.False(PartitionKeyExpression.Parse("$.id").Of(line).IsFound);
    }

    [Fact]
    public void A_pattern_that_runs_for_ever_by_trying_again_gets_the_engine_that_does_not()
    {
        PartitionKeyExpression expression = PartitionKeyExpression.Parse("/^((a+)+)$/");

        Assert.Equal("does not match /^((a+)+)$/", expression.Of(Encoding.UTF8.GetBytes(new string('a', 50_000) + "b")).Reason);
        Assert.Equal("aaa", expression.Of("aaa"u8).Value);
    }

    /// <summary>Needs two seconds of real time: a timeout of the regular expression engine has no other clock.</summary>
    [Fact]
    public void A_pattern_that_no_engine_gets_done_with_gives_no_key_and_says_so()
    {
        PartitionKey key = Find("/^(?=((a+)+)$)/", new string('a', 5_000) + "b");

        Assert.Equal("kept /^(?=((a+)+)$)/ busy for more than 2 s", key.Reason);
    }

    [Fact]
    public void A_key_of_names_only_takes_no_more_memory_than_the_key()
    {
        PartitionKeyExpression expression = PartitionKeyExpression.Parse("$.user.id");
        byte[] line = [.. """{"at":1,"user":{"name":"somebody","id":"u-1"},"pad":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}"""u8];
        Assert.Equal("u-1", expression.Of(line).Value);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            expression.Of(line);
        long perLine = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        Assert.InRange(perLine, 1, 32);                       // a string of three characters
    }

    private static PartitionKey Find(string expression, string line) => PartitionKeyExpression.Parse(expression).Of(Encoding.UTF8.GetBytes(line));
}
