namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html, UntagResource and ListTags, for mappings</summary>
public class TagsTests
{
    [Fact]
    public async Task Tags_are_put_changed_listed_and_taken_away()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        LambdaReply created = await server.CreateAsync(("Tags", new { team = "blue", stage = "test" }));
        string path = PathOf(created.Text("EventSourceMappingArn"));

        Assert.Equal("{\"stage\":\"test\",\"team\":\"blue\"}", await ListAsync(server, path));
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Post, path, new { Tags = new { team = "red", cost = "7" } })).Status);
        Assert.Equal("{\"cost\":\"7\",\"stage\":\"test\",\"team\":\"red\"}", await ListAsync(server, path));
        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, $"{path}?tagKeys=stage&tagKeys=cost&tagKeys=none")).Status);
        Assert.Equal("{\"team\":\"red\"}", await ListAsync(server, path));
    }

    [Fact]
    public async Task A_mapping_that_is_not_there()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string arn = $"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:{Guid.NewGuid()}";

        LambdaReply[] replies =
        [
            await server.SendAsync(HttpMethod.Get, PathOf(arn)),
            await server.SendAsync(HttpMethod.Post, PathOf(arn), new { Tags = new { a = "b" } }),
            await server.SendAsync(HttpMethod.Delete, $"{PathOf(arn)}?tagKeys=a"),
        ];

        Assert.All(replies, reply => Assert.Equal((404, "ResourceNotFoundException", $"Event source mapping not found: {arn}"), (reply.Status, reply.ErrorType, reply.Text("Message"))));
    }

    [Fact]
    public async Task An_ARN_that_is_none_gets_the_whole_expression()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.SendAsync(HttpMethod.Get, PathOf("arn:aws:something"));

        Assert.Equal((400, "ValidationException"), (reply.Status, reply.ErrorType));
        Assert.StartsWith("1 validation error detected: Value 'arn:aws:something' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws", reply.Message, StringComparison.Ordinal);
        Assert.EndsWith("|event-source-mapping:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12})", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_tags_or_keys_and_with_too_many()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string path = PathOf((await server.CreateAsync(("Tags", new { one = "1" }))).Text("EventSourceMappingArn"));

        LambdaReply noTags = await server.SendAsync(HttpMethod.Post, path, new { });
        LambdaReply noKeys = await server.SendAsync(HttpMethod.Delete, path);
        LambdaReply tooMany = await server.SendAsync(HttpMethod.Post, path, new { Tags = Enumerable.Range(0, 50).ToDictionary(i => $"key{i}", _ => "") });

        Assert.Equal("1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null", noTags.Message);
        Assert.Equal("1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null", noKeys.Message);
        Assert.Equal("A resource has 50 tags at most.", tooMany.Message);
        Assert.Equal("{\"one\":\"1\"}", await ListAsync(server, path));
    }

    [Fact]
    public async Task Functions_have_none_and_take_none()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        Assert.Equal("{}", await ListAsync(server, PathOf(LambdaServer.FunctionArn)));
        Assert.Equal("InvalidParameterValueException", (await server.SendAsync(HttpMethod.Post, PathOf(LambdaServer.FunctionArn), new { Tags = new { a = "b" } })).ErrorType);
    }

    private static string PathOf(string arn) => $"/2017-03-31/tags/{Uri.EscapeDataString(arn)}";

    private static async Task<string> ListAsync(LambdaServer server, string path) =>
        (await server.SendAsync(HttpMethod.Get, path)).Json.GetProperty("Tags").GetRawText();
}
