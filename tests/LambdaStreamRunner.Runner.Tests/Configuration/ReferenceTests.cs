using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>Names in one section that stand for things in another.</summary>
public class ReferenceTests
{
    private const string ProductionArn = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks";

    [Theory]
    [InlineData("clicks")]
    [InlineData("arn:aws:kinesis:us-east-1:000000000000:stream/clicks")]
    public void A_stream_is_named_by_its_short_name_or_its_ARN(string written) =>
        Assert.Equal("clicks", Valid(WithNames(written, "AccessLog")).Mappings[0].Stream.Name);

    [Fact]
    public void A_production_ARN_is_an_embedded_stream_too()
    {
        string json = WithNames(ProductionArn, "AccessLog").Replace("\"clicks\": {", $"\"{ProductionArn}\": {{", StringComparison.Ordinal);

        MappingConfiguration mapping = Valid(json).Mappings[0];

        Assert.Equal(("clicks", ProductionArn), (mapping.Stream.Name, mapping.Stream.Arn));
        Assert.Equal(ProductionArn, mapping.Settings.EventSourceArn);
        Assert.Equal("clicks → AccessLog", mapping.Name);
    }

    [Fact]
    public void Region_and_account_of_the_file_make_the_ARNs_of_short_names()
    {
        string json = WithNames(ProductionArn, "123456789012:function:AccessLog").Replace("{ \"Streams\"", """{ "Region": "eu-west-1", "AccountId": "123456789012", "Streams" """, StringComparison.Ordinal);

        RunnerConfiguration configuration = Valid(json);

        Assert.Equal(ProductionArn, configuration.Streams[0].Arn);
        Assert.Equal("arn:aws:lambda:eu-west-1:123456789012:function:AccessLog", configuration.Functions[0].Arn);
    }

    [Theory]
    [InlineData("click", "Did you mean 'clicks'?")]
    [InlineData("click", "Add \"click\": { \"ShardCount\": 1 } to Streams.")]
    [InlineData(ProductionArn, "the configured stream 'clicks' is arn:aws:kinesis:us-east-1:000000000000:stream/clicks")]
    [InlineData("arn:aws:kinesis:us-east-1:000000000000:stream/clicks/consumer/c", "no consumer's ARN. Write arn:aws:kinesis:REGION:ACCOUNT:stream/NAME/consumer/CONSUMER:CREATED")]
    [InlineData("arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/c:1789808930", "Add \"arn:aws:kinesis:us-east-1:000000000000:stream/orders\"")]
    [InlineData("arn:aws:sqs:us-east-1:000000000000:clicks", "unrecognized event source")]
    public void A_stream_that_is_not_configured_is_an_error_that_says_what_to_do(string written, string advice) =>
        Assert.Contains(advice, OnlyError(WithNames(written, "AccessLog")).Text, StringComparison.Ordinal);

    [Fact]
    public void A_consumer_of_a_configured_stream_is_a_source_that_pushes()
    {
        const string Consumer = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks/consumer/c:1789808930";
        MappingConfiguration mapping = Valid(WithNames(Consumer, "AccessLog")).Mappings[0];

        Assert.Equal((Consumer, PollingMode.Push, "clicks/c → AccessLog"), (mapping.SourceArn, mapping.Settings.Polling, mapping.Name));
        Assert.Equal("clicks", mapping.Stream.Name);
    }

    [Theory]
    [InlineData("AccessLog")]
    [InlineData("AccessLog:$LATEST")]
    [InlineData("function:AccessLog")]
    [InlineData("000000000000:function:AccessLog")]
    [InlineData("000000000000:function:AccessLog:$LATEST")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:AccessLog")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:AccessLog:$LATEST")]
    public void A_function_is_named_in_every_way_that_AWS_takes(string written) =>
        Assert.Equal("AccessLog", Valid(WithNames("clicks", written)).Mappings[0].Settings.FunctionName);

    [Theory]
    [InlineData("AcessLog", "Did you mean 'AccessLog'?")]
    [InlineData("AccessLog:prod", "version or alias 'prod'")]
    [InlineData("arn:aws:lambda:eu-west-1:000000000000:function:AccessLog", "set Region and AccountId")]
    [InlineData("999999999999:function:AccessLog", "set Region and AccountId")]
    [InlineData("a b", "no function's name or ARN")]
    public void A_function_that_is_not_configured_is_an_error_that_says_what_to_do(string written, string advice) =>
        Assert.Contains(advice, OnlyError(WithNames("clicks", written)).Text, StringComparison.Ordinal);

    [Fact]
    public void Without_any_stream_or_function_a_mapping_is_told_to_add_them()
    {
        ConfigurationResult result = Read("""{ "EventSourceMappings": [ { "EventSourceArn": "a", "FunctionName": "f", "StartingPosition": "LATEST" } ] }""");

        Assert.Equal(2, result.Errors.Length);
        Assert.EndsWith("Add \"a\": { \"ShardCount\": 1 } to Streams.", result.Errors[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("Add 'f' to Functions, with CodeUri and Handler.", result.Errors[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_stream_and_function_make_at_most_one_mapping_as_AWS_says()
    {
        string mapping = """{ "EventSourceArn": "clicks", "FunctionName": "AccessLog", "StartingPosition": "LATEST" }""";

        ConfigurationProblem error = OnlyError($$"""
            { "Streams": { "clicks": {} }, "Functions": { "AccessLog": { {{Function}} } }, "EventSourceMappings": [ {{mapping}}, {{mapping}} ] }
            """);

        Assert.Equal("EventSourceMappings[1]", error.Path);
        Assert.Contains(
            "The event source arn (\" arn:aws:kinesis:us-east-1:000000000000:stream/clicks \") and function (\" AccessLog \") provided mapping already exists",
            error.Text,
            StringComparison.OrdinalIgnoreCase);
        Assert.Contains("EventSourceMappings[0]", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_functions_in_one_process_cannot_give_one_variable_two_values()
    {
        ConfigurationProblem error = OnlyError(TwoFunctions("\"MODE\": \"a\"", "\"MODE\": \"b\""));

        Assert.Equal("Functions.Second.Environment.Variables.MODE", error.Path);
        Assert.Contains("Functions.First sets it to \"a\"", error.Text, StringComparison.Ordinal);
        Assert.Contains("\"Process\"", error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"MODE\": \"a\"", "\"MODE\": \"a\"")]
    [InlineData("\"MODE\": \"a\"", "\"mode\": \"b\"")]
    public void They_can_share_one_value_and_names_differ_by_case(string first, string second) =>
        Assert.Equal(2, Valid(TwoFunctions(first, second)).Functions.Length);

    [Theory]
    [InlineData("/(/", "regular expression cannot be read")]
    [InlineData("$.a[", "JSON path cannot be read")]
    public void An_input_s_partition_key_is_read_at_the_door(string expression, string reason) =>
        Assert.Contains(
            reason,
            OnlyError($$"""{ "Streams": { "clicks": {} }, "Input": [ { "File": "x", "Stream": "clicks", "PartitionKey": "{{expression}}" } ] }""").Text,
            StringComparison.Ordinal);

    private static string WithNames(string stream, string function) => WithMapping("")
        .Replace("\"EventSourceArn\": \"clicks\"", $"\"EventSourceArn\": \"{stream}\"", StringComparison.Ordinal)
        .Replace("\"FunctionName\": \"AccessLog\"", $"\"FunctionName\": \"{function}\"", StringComparison.Ordinal);

    private static string TwoFunctions(string first, string second) => $$"""
        { "Functions": { "First": { {{Function}}, "Environment": { "Variables": { {{first}} } } },
                         "Second": { {{Function}}, "Environment": { "Variables": { {{second}} } } } } }
        """;
}
