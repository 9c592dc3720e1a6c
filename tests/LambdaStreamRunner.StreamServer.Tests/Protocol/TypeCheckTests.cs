namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

/// <summary>A value of every wrong type for a member of every type, in the words of AWS's request parser (Kinesis reference 1.6).</summary>
public sealed class TypeCheckTests : IAsyncLifetime
{
    private const string Number = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to ";
    private const string Boolean = "class java.lang.Boolean can not be converted to ";
    private const string Text = "class java.lang.String can not be converted to ";
    private const string List = "Start of list found where not expected";
    private const string Structure = "Start of structure or map found where not expected.";

    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await KinesisServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("true", Boolean + "an String")]
    [InlineData("23", Number + "an String")]
    [InlineData("-2147483649", Number + "an String")]
    [InlineData("34.56", Number + "an String")]
    [InlineData("[]", List)]
    [InlineData("{}", Structure)]
    public Task A_String(string value, string message) => RefusedAsync("DescribeStream", $$"""{"StreamName":{{value}}}""", message);

    [Theory]
    [InlineData("\"23\"", Text + "an Integer")]
    [InlineData("false", Boolean + "an Integer")]
    [InlineData("[]", List)]
    [InlineData("{}", Structure)]
    public Task An_Integer(string value, string message) => RefusedAsync("ListStreams", $$"""{"Limit":{{value}}}""", message);

    [Theory]
    [InlineData("\"maybe\"", "'MAYBE' can not be converted to an Boolean")]
    [InlineData("23", Number + "an Boolean")]
    [InlineData("[]", List)]
    [InlineData("{}", Structure)]
    public Task A_Boolean(string value, string message) => RefusedAsync("DeleteStream", $$"""{"StreamName":"clicks","EnforceConsumerDeletion":{{value}}}""", message);

    [Theory]
    [InlineData("true", Boolean + "a Blob")]
    [InlineData("23", Number + "a Blob")]
    [InlineData("[]", List)]
    [InlineData("{}", Structure)]
    [InlineData("\"23456\"", "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5")]
    [InlineData("\"=+/=\"", "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='")]
    [InlineData("\"a===\"", "'a===' can not be converted to a Blob: Invalid Base64 character: '='")]
    [InlineData("\"ab=c\"", "'ab=c' can not be converted to a Blob: Invalid Base64 character: '='")]
    [InlineData("\"+/+=\"", "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected")]
    public async Task A_Blob(string value, string message)
    {
        await RefusedAsync("PutRecord", $$"""{"StreamName":"clicks","PartitionKey":"k","Data":{{value}}}""", message);
        await RefusedAsync("PutRecords", $$"""{"StreamName":"clicks","Records":[{"PartitionKey":"k","Data":{{value}}}]}""", message);
    }

    [Theory]
    [InlineData("\"2026-01-01\"", Text + "milliseconds since epoch")]
    [InlineData("true", Boolean + "milliseconds since epoch")]
    [InlineData("[]", List)]
    [InlineData("{}", Structure)]
    public Task A_Timestamp(string value, string message) => RefusedAsync("ListShards", $$"""{"StreamName":"clicks","StreamCreationTimestamp":{{value}}}""", message);

    [Theory]
    [InlineData("\"23\"", "Expected list or null")]
    [InlineData("true", "Expected list or null")]
    [InlineData("34.56", "Expected list or null")]
    [InlineData("{}", Structure)]
    [InlineData("[\"23\"]", "Expected null")]
    [InlineData("[[]]", List)]
    public Task A_List(string value, string message) => RefusedAsync("PutRecords", $$"""{"StreamName":"clicks","Records":{{value}}}""", message);

    [Theory]
    [InlineData("\"23\"", "Expected map or null")]
    [InlineData("true", "Expected map or null")]
    [InlineData("23", "Expected map or null")]
    [InlineData("[]", List)]
    [InlineData("{\"a\":23}", Number + "an String")]
    [InlineData("{\"a\":{}}", Structure)]
    public Task A_Map(string value, string message) => RefusedAsync("AddTagsToStream", $$"""{"StreamName":"clicks","Tags":{{value}}}""", message);

    [Theory]
    [InlineData("\"23\"", "Expected null")]
    [InlineData("true", "Expected null")]
    [InlineData("-1", "Expected null")]
    [InlineData("[]", List)]
    [InlineData("{\"StreamMode\":1}", Number + "an String")]
    public Task A_Structure(string value, string message) => RefusedAsync("CreateStream", $$"""{"StreamName":"clicks","StreamModeDetails":{{value}}}""", message);

    [Theory]
    [InlineData("2147483648", "Value '2147483647' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000")]
    [InlineData("1e300", "Value '2147483647' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000")]
    [InlineData("-2147483649", "Value '-2147483647' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")]
    [InlineData("0.9", "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")]
    public async Task A_number_is_rounded_down_and_held_to_32_bits_before_it_is_validated(string value, string error) =>
        Assert.Equal(
            $"ValidationException: 1 validation error detected: {error}",
            await _server.RefusedAsync(KinesisServer.Request("ListStreams", $$"""{"Limit":{{value}}}""")));

    [Fact]
    public Task A_wrong_type_is_told_before_a_broken_constraint() => RefusedAsync("CreateStream", """{"StreamName":"","ShardCount":"1"}""", Text + "an Integer");

    private async Task RefusedAsync(string action, string body, string message) =>
        Assert.Equal($"SerializationException: {message}", await _server.RefusedAsync(KinesisServer.Request(action, body)));
}
