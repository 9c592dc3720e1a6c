using System.Text.Json;

namespace LambdaStreamRunner.StreamServer.Tests.Actions;

/// <summary>Both families of actions on tags (Kinesis reference 2.4).</summary>
public class TagsTests
{
    private const string Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    [Fact]
    public async Task Tags_are_listed_in_the_order_of_their_keys_and_new_values_replace_old_ones()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { team = "blue", a = "", Zone = "x y" } });
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { team = "red" } });

        JsonElement answer = await server.CallAsync("ListTagsForStream", new { StreamName = "clicks" });

        Assert.Equal(
            """{"Tags":[{"Key":"Zone","Value":"x y"},{"Key":"a","Value":""},{"Key":"team","Value":"red"}],"HasMoreTags":false}""",
            answer.GetRawText());
    }

    [Fact]
    public async Task A_page_of_tags_begins_after_a_key_that_need_not_exist()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { a = "1", c = "2", d = "3" } });

        Assert.Equal(
            """{"Tags":[{"Key":"c","Value":"2"}],"HasMoreTags":true}""",
            (await server.CallAsync("ListTagsForStream", new { StreamName = "clicks", ExclusiveStartTagKey = "b", Limit = 1 })).GetRawText());
        Assert.Equal(
            """{"Tags":[],"HasMoreTags":false}""",
            (await server.CallAsync("ListTagsForStream", new { StreamName = "clicks", ExclusiveStartTagKey = "d" })).GetRawText());
    }

    [Fact]
    public async Task Removing_a_tag_that_is_not_there_is_no_error()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { a = "1", b = "2" } });
        await server.CallAsync("RemoveTagsFromStream", new { StreamName = "clicks", TagKeys = new[] { "a", "none" } });

        Assert.Equal("b=2", await TagsOfAsync(server, Arn));
    }

    [Fact]
    public async Task Both_families_show_the_same_tags_of_a_stream_also_those_it_was_made_with()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("CreateStream", new { StreamName = "made", ShardCount = 1, Tags = new { from = "birth" } });
        string made = server.Streams.Get("made").Arn;
        await server.CallAsync("TagResource", new { ResourceARN = made, Tags = new { more = "later" } });
        Assert.Equal("from=birth more=later", await TagsOfAsync(server, made));

        await server.CallAsync("UntagResource", new { ResourceARN = made, TagKeys = new[] { "from" } });
        Assert.Equal(
            """{"Tags":[{"Key":"more","Value":"later"}],"HasMoreTags":false}""",
            (await server.CallAsync("ListTagsForStream", new { StreamName = "made" })).GetRawText());
    }

    [Fact]
    public async Task A_consumer_has_tags_of_its_own()
    {
        await using KinesisServer server = await StartAsync();
        JsonElement answer = await server.CallAsync("RegisterStreamConsumer", new { StreamARN = Arn, ConsumerName = "fan", Tags = new { from = "birth" } });
        string consumer = answer.GetProperty("Consumer").GetProperty("ConsumerARN").GetString()!;
        await server.CallAsync("TagResource", new { ResourceARN = consumer, Tags = new { more = "later" } });

        Assert.Equal("from=birth more=later", await TagsOfAsync(server, consumer));
        Assert.Equal("", await TagsOfAsync(server, Arn));
        await server.CallAsync("UntagResource", new { ResourceARN = consumer, TagKeys = new[] { "from", "more" } });
        Assert.Equal("", await TagsOfAsync(server, consumer));
    }

    [Theory]
    [InlineData("""{"a;":"b"}""", "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.")]
    [InlineData("""{"a":"b\t"}""", "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.")]
    [InlineData("""{"a":"b,c"}""", "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.")]
    [InlineData(
        """{"a":"50%"}""",
        "Failed to add tags to stream clicks under account 000000000000 because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.")]
    public async Task Characters_are_checked_in_two_steps(string tags, string message)
    {
        await using KinesisServer server = await StartAsync();

        Assert.Equal(
            "InvalidArgumentException: " + message,
            await server.RefusedAsync(KinesisServer.Request("AddTagsToStream", $$"""{"StreamName":"clicks","Tags":{{tags}}}""")));
        Assert.Equal("", await TagsOfAsync(server, Arn));
    }

    [Fact]
    public async Task Letters_of_all_scripts_are_allowed()
    {
        await using KinesisServer server = await StartAsync();
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new Dictionary<string, string> { ["größe 1"] = "名前_./=+-@" } });

        Assert.Equal("größe 1=名前_./=+-@", await TagsOfAsync(server, Arn));
    }

    [Fact]
    public async Task There_are_fifty_tags_at_most()
    {
        await using KinesisServer server = await StartAsync();
        Dictionary<string, string> fifty = Enumerable.Range(0, 50).ToDictionary(number => $"k{number}", _ => "v");
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = fifty });
        await server.CallAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { k1 = "again" } });

        Assert.Equal(
            "InvalidArgumentException: Failed to add tags to stream clicks under account 000000000000 because a given stream cannot have more than 50 tags associated with it.",
            await server.RefusedAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { one = "more" } }));
    }

    [Theory]
    [InlineData("AddTagsToStream", """{"StreamName":"clicks","Tags":{}}""", "ValidationException: 1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1")]
    [InlineData("AddTagsToStream", """{"StreamName":"clicks","Tags":{"":"v","b":"w"}}""", "ValidationException: 1 validation error detected: Value '{=v, b=w}' at 'tags' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]")]
    [InlineData("AddTagsToStream", """{"StreamName":"clicks"}""", "ValidationException: 1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null")]
    [InlineData("AddTagsToStream", """{"StreamName":"clicks","Tags":"a"}""", "SerializationException: Expected map or null")]
    [InlineData("AddTagsToStream", """{"StreamName":"clicks","Tags":{"a":1}}""", "SerializationException: class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String")]
    [InlineData("RemoveTagsFromStream", """{"StreamName":"clicks","TagKeys":[""]}""", "ValidationException: 1 validation error detected: Value '[]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]")]
    [InlineData("ListTagsForStream", """{"StreamName":"clicks","Limit":51}""", "ValidationException: 1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50")]
    [InlineData("AddTagsToStream", """{"StreamName":"none","Tags":{"a":"b"}}""", "ResourceNotFoundException: Stream none under account 000000000000 not found.")]
    [InlineData("TagResource", """{"ResourceARN":"arn:aws:kinesis:us-east-1:000000000000:stream/none","Tags":{"a":"b"}}""", "ResourceNotFoundException: Stream none under account 000000000000 not found.")]
    [InlineData("ListTagsForResource", """{"ResourceARN":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks/consumer/fan:1"}""", "ResourceNotFoundException: Consumer fan, account 000000000000 not found.")]
    public async Task Bad_input_is_told_in_the_words_of_AWS(string action, string body, string expected)
    {
        await using KinesisServer server = await StartAsync();

        Assert.Equal(expected, await server.RefusedAsync(KinesisServer.Request(action, body)));
    }

    [Fact]
    public async Task Tags_cannot_be_changed_before_the_stream_is_active()
    {
        await using KinesisServer server = await KinesisServer.StartAsync(new EmbeddedStreamsOptions { CreatingDelay = TimeSpan.FromSeconds(1) });
        await server.CallAsync("CreateStream", new { StreamName = "clicks", ShardCount = 1, Tags = new { a = "1" } });

        Assert.Equal(
            "ResourceInUseException: Stream clicks under account 000000000000 not ACTIVE, instead in state CREATING",
            await server.RefusedAsync("AddTagsToStream", new { StreamName = "clicks", Tags = new { b = "2" } }));
        Assert.Equal("a=1", await TagsOfAsync(server, Arn));
    }

    private static async Task<KinesisServer> StartAsync()
    {
        KinesisServer server = await KinesisServer.StartAsync();
        server.Streams.Create("clicks", 1);
        return server;
    }

    private static async Task<string> TagsOfAsync(KinesisServer server, string arn) => string.Join(
        ' ',
        (await server.CallAsync("ListTagsForResource", new { ResourceARN = arn })).GetProperty("Tags").EnumerateArray()
            .Select(tag => $"{tag.GetProperty("Key").GetString()}={tag.GetProperty("Value").GetString()}"));
}
