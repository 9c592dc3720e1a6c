using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Hosting;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi;

/// <summary>Reference 1.4: what is refused, in which words, and in which order when there are several faults.</summary>
public class AdmissionErrorsTests
{
    private const string NoMember = "failed to satisfy constraint: Member must";

    [Fact]
    public async Task Without_a_source() =>
        await RefusedAsync("InvalidParameterValueException", "Unrecognized event source.", ("EventSourceArn", null));

    [Fact]
    public async Task A_source_of_another_service() => await RefusedAsync(
        "InvalidParameterValueException",
        "Unrecognized event source. Only Kinesis streams are read here, and arn:aws:sqs:us-east-1:000000000000:queue is none.",
        ("EventSourceArn", "arn:aws:sqs:us-east-1:000000000000:queue"));

    [Theory]
    [InlineData("Nobody")]
    [InlineData("Clicks:prod")]
    [InlineData("Other:live")]
    [InlineData("999999999999:function:Clicks")]
    public async Task A_function_that_is_not_there(string name) =>
        await RefusedAsync("InvalidParameterValueException", "Function does not exist", ("FunctionName", name));

    [Theory]
    [InlineData("arn:aws:kinesis:us-east-1:000000000000:stream/none")]
    [InlineData("arn:aws:kinesis:eu-west-1:000000000000:stream/clicks")]
    public async Task A_stream_that_is_not_there(string arn) =>
        await RefusedAsync("InvalidParameterValueException", $"Stream not found: {arn}", ("EventSourceArn", arn));

    [Fact]
    public async Task S_02_without_StartingPosition() => await RefusedAsync(
        "InvalidParameterValueException",
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
        ("StartingPosition", null));

    [Fact]
    public async Task S_02_a_StartingPosition_that_is_none() => await RefusedAsync(
        "ValidationException",
        "1 validation error detected: Value 'invalid' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]",
        ("StartingPosition", "invalid"));

    [Fact]
    public async Task S_02_AT_TIMESTAMP_without_a_timestamp() =>
        await RefusedAsync("InvalidParameterValueException", "Need to specify a timestamp", ("StartingPosition", "AT_TIMESTAMP"));

    [Theory]
    [InlineData("TRIM_HORIZON")]
    [InlineData("LATEST")]
    public async Task S_02_a_timestamp_that_nobody_uses(string position) => await RefusedAsync(
        "InvalidParameterValueException", "Timestamp only valid with StartingPosition AT_TIMESTAMP", ("StartingPosition", position), ("StartingPositionTimestamp", 1_700_000_000));

    [Fact]
    public async Task S_02_a_timestamp_of_the_future()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        long second = server.Runner.Clock.GetUtcNow().ToUnixTimeSeconds() + 60;

        LambdaReply reply = await server.CreateAsync(("StartingPosition", "AT_TIMESTAMP"), ("StartingPositionTimestamp", second + 0.75));

        Assert.Equal("InvalidParameterValueException", reply.ErrorType);
        Assert.Matches(
            $"^Received Exception while reading from provided stream\\. The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\\. timestampInMillis: {second}000, currentTimestampInMillis: [0-9]{{13}}$",
            reply.Message);
    }

    [Fact]
    public async Task OnSuccess() => await RefusedAsync(
        "InvalidParameterValueException",
        "Unsupported DestinationConfig parameter for given event source mapping type.",
        ("DestinationConfig", new { OnSuccess = new { Destination = "arn:aws:sqs:us-east-1:000000000000:queue" } }));

    [Theory]
    [InlineData("Topics", "[\"t\"]", "topics")]
    [InlineData("Queues", "[\"q\"]", "queues")]
    [InlineData("SourceAccessConfigurations", "[{\"Type\":\"BASIC_AUTH\",\"URI\":\"u\"}]", "sourceAccessConfigurations")]
    [InlineData("SelfManagedEventSource", "{\"Endpoints\":{\"a\":[\"b\"]}}", "selfManagedEventSource")]
    [InlineData("ScalingConfig", "{\"MaximumConcurrency\":2}", "scalingConfig")]
    [InlineData("ProvisionedPollerConfig", "{\"MinimumPollers\":2}", "provisionedPollerConfig")]
    [InlineData("LoggingConfig", "{\"SystemLogLevel\":\"INFO\"}", "loggingConfig")]
    [InlineData("AmazonManagedKafkaEventSourceConfig", "{\"ConsumerGroupId\":\"g\"}", "amazonManagedKafkaEventSourceConfig")]
    [InlineData("SelfManagedKafkaEventSourceConfig", "{\"ConsumerGroupId\":\"g\"}", "selfManagedKafkaEventSourceConfig")]
    [InlineData("DocumentDBEventSourceConfig", "{\"DatabaseName\":\"d\"}", "documentDBEventSourceConfig")]
    [InlineData("BatchSise", "7", "batchSise")]
    [InlineData("", "5", "")]
    public async Task A_parameter_of_other_sources_or_of_none(string name, string value, string shown) => await RefusedAsync(
        "InvalidParameterValueException",
        $"Unsupported '{shown}' parameter for given event source mapping type.",
        (name, System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(value)));

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(59)]
    public async Task S_04_an_age_below_a_minute(int age) => await RefusedAsync(
        "InvalidParameterValueException", "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)", ("MaximumRecordAgeInSeconds", age));

    [Fact]
    public async Task S_07_a_second_mapping_from_the_source_to_the_function()
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync();

        LambdaReply reply = await server.CreateAsync(("FunctionName", LambdaServer.FunctionArn));

        Assert.Equal((409, "ResourceConflictException"), (reply.Status, reply.ErrorType));
        Assert.Equal(
            $"The event source arn (\" {LambdaServer.StreamArn} \") and function (\" Clicks \") provided mapping already exists. Please update or delete the existing mapping with UUID {uuid}",
            reply.Text("message"));
        Assert.Equal("User", reply.Text("Type"));
        Assert.Equal(202, (await server.CreateAsync(("FunctionName", "Clicks:live"))).Status);
    }

    [Theory]
    [InlineData("BatchSize", 0, "greater than or equal to 1")]
    [InlineData("BatchSize", 10_001, "less than or equal to 10000")]
    [InlineData("MaximumBatchingWindowInSeconds", -1, "greater than or equal to 0")]
    [InlineData("MaximumBatchingWindowInSeconds", 301, "less than or equal to 300")]
    [InlineData("ParallelizationFactor", 0, "greater than or equal to 1")]
    [InlineData("ParallelizationFactor", 11, "less than or equal to 10")]
    [InlineData("MaximumRetryAttempts", -2, "greater than or equal to -1")]
    [InlineData("MaximumRetryAttempts", 10_001, "less than or equal to 10000")]
    [InlineData("TumblingWindowInSeconds", -1, "greater than or equal to 0")]
    [InlineData("TumblingWindowInSeconds", 901, "less than or equal to 900")]
    [InlineData("MaximumRecordAgeInSeconds", -2, "greater than or equal to -1")]
    [InlineData("MaximumRecordAgeInSeconds", 604_801, "less than or equal to 604800")]
    public async Task S_03_S_04_a_number_outside_of_its_range(string name, int value, string range) => await RefusedAsync(
        "ValidationException",
        $"1 validation error detected: Value '{value}' at '{char.ToLowerInvariant(name[0])}{name[1..]}' {NoMember} have value {range}",
        (name, value));

    [Fact]
    public async Task S_06_tumbling_with_a_factor() => await RefusedAsync(
        "InvalidParameterValueException", "ParallelizationFactor must be 1 when TumblingWindowInSeconds is set.", ("TumblingWindowInSeconds", 30), ("ParallelizationFactor", 2));

    [Theory]
    [InlineData("{\"TumblingWindowInSeconds\":30}", "{\"ParallelizationFactor\":2}")]
    [InlineData("{\"ParallelizationFactor\":2}", "{\"TumblingWindowInSeconds\":30}")]
    public async Task S_06_an_update_that_would_lead_there(string first, string second)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        string uuid = await server.CreatedAsync();
        await server.UpdatedAsync(uuid, first);

        LambdaReply reply = await server.UpdateAsync(uuid, second);

        Assert.Equal("ParallelizationFactor must be 1 when TumblingWindowInSeconds is set.", reply.Message);
        Assert.Equal("Enabled", (await server.GetAsync(uuid)).Text("State"));
    }

    [Theory]
    [InlineData("{\"FunctionResponseTypes\":[\"Other\"]}", "Value '[Other]' at 'functionResponseTypes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [ReportBatchItemFailures]]")]
    [InlineData("{\"DestinationConfig\":{\"OnFailure\":{\"Destination\":\"nowhere\"}}}", "Value 'nowhere' at 'destinationConfig.onFailure.destination' failed to satisfy constraint: Member must satisfy regular expression pattern: ^$|arn:")]
    [InlineData("{\"FunctionName\":\"a b\"}", "Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:")]
    [InlineData("{\"FunctionName\":null}", "Value null at 'functionName' failed to satisfy constraint: Member must not be null")]
    [InlineData("{\"EventSourceArn\":\"clicks\"}", "Value 'clicks' at 'eventSourceArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:")]
    public async Task Other_constraints_of_the_model(string members, string message)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();
        Dictionary<string, object?> body = LambdaServer.NewMapping();
        foreach (var member in System.Text.Json.JsonDocument.Parse(members).RootElement.EnumerateObject())
            body[member.Name] = member.Value.Clone();

        LambdaReply reply = await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, body);

        Assert.Equal((400, "ValidationException"), (reply.Status, reply.ErrorType));
        Assert.StartsWith($"1 validation error detected: {message}", reply.Message, StringComparison.Ordinal);
        Assert.False(reply.Json.TryGetProperty("Type", out _));
    }

    [Fact]
    public async Task A_file_comes_from_the_configuration_only() => await RefusedAsync(
        "InvalidParameterValueException",
        "A destination in a file of this machine cannot be set by a request. Name it in DestinationConfig of the configuration's entry, and it can be kept here.",
        ("DestinationConfig", new { OnFailure = new { Destination = "file:/etc/passwd" } }));

    [Fact]
    public async Task Several_faults_the_model_speaks_first_and_tells_all_of_its_own() => await RefusedAsync(
        "ValidationException",
        "3 validation errors detected: Value 'soon' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]; "
        + "Value '0' at 'batchSize' failed to satisfy constraint: Member must have value greater than or equal to 1; "
        + "Value '11' at 'parallelizationFactor' failed to satisfy constraint: Member must have value less than or equal to 10",
        ("BatchSize", 0), ("ParallelizationFactor", 11), ("StartingPosition", "soon"), ("FunctionName", "Nobody"), ("MaximumRecordAgeInSeconds", 30));

    /// <summary>Each line has the fault of its own and all that come after it; mending one uncovers the next.</summary>
    [Fact]
    public async Task Several_faults_come_in_the_order_of_the_reference()
    {
        await using LambdaServer server = await LambdaServer.StartAsync(options => LambdaServer.Map(options));
        Dictionary<string, object?> body = new()
        {
            ["FunctionName"] = "Nobody",
            ["DestinationConfig"] = new { OnSuccess = new { Destination = "arn:aws:sqs:us-east-1:000000000000:queue" } },
            ["Topics"] = new[] { "topic" },
            ["MaximumRecordAgeInSeconds"] = 30,
            ["TumblingWindowInSeconds"] = 30,
            ["ParallelizationFactor"] = 2,
            ["StartingPositionTimestamp"] = 99_999_999_999,
        };
        const string Absent = "arn:aws:kinesis:us-east-1:000000000000:stream/none";

        await NextAsync("Unrecognized event source.", () => body["EventSourceArn"] = Absent);
        await NextAsync("Function does not exist", () => body["FunctionName"] = "Clicks");
        await NextAsync($"Stream not found: {Absent}", () => body["EventSourceArn"] = LambdaServer.StreamArn);
        await NextAsync("1 validation error detected: Value null at 'startingPosition'", () => body["StartingPosition"] = "LATEST");
        await NextAsync("Timestamp only valid with StartingPosition AT_TIMESTAMP", () => body["StartingPosition"] = "AT_TIMESTAMP");
        await NextAsync("Received Exception while reading from provided stream.", () => body["StartingPositionTimestamp"] = 1_700_000_000);
        await NextAsync("Unsupported DestinationConfig parameter", () => body.Remove("DestinationConfig"));
        await NextAsync("Unsupported 'topics' parameter", () => body.Remove("Topics"));
        await NextAsync("MaximumRecordAgeInSeconds must be either", () => body.Remove("MaximumRecordAgeInSeconds"));
        await NextAsync("The event source arn (\" ", () => body["FunctionName"] = "Other");
        await NextAsync("ParallelizationFactor must be 1", () => body.Remove("TumblingWindowInSeconds"));
        Assert.Equal(202, (await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, body)).Status);

        async Task NextAsync(string message, Action mend)
        {
            LambdaReply reply = await server.SendAsync(HttpMethod.Post, LambdaServer.Mappings, body);
            Assert.StartsWith(message, reply.Message, StringComparison.Ordinal);
            mend();
        }
    }

    private static async Task RefusedAsync(string error, string message, params (string Name, object? Value)[] members)
    {
        await using LambdaServer server = await LambdaServer.StartAsync();

        LambdaReply reply = await server.CreateAsync(members);

        Assert.Equal((400, error, message), (reply.Status, reply.ErrorType, reply.Message));
        Assert.Equal(error == "ValidationException", !reply.Json.TryGetProperty("Type", out _));
        Assert.True(reply.Json.TryGetProperty("message", out _));
        Assert.Contains("x-amzn-RequestId", reply.Headers.Keys);
        Assert.Equal(0, (await server.SendAsync(HttpMethod.Get, LambdaServer.Mappings)).Json.GetProperty("EventSourceMappings").GetArrayLength());
    }
}
