using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Tests.Environments.RuntimeApi;

/// <summary>What a runtime reads and writes, as the AWS page "Using the Lambda runtime API for custom runtimes" has it.</summary>
public sealed class RuntimeApiTests
{
    [Fact]
    public async Task An_invocation_comes_with_its_id_its_deadline_its_function_and_a_trace()
    {
        await using TestFunction function = await TestFunction.StartAsync("echo", timeout: TimeSpan.FromSeconds(20));
        DateTimeOffset before = DateTimeOffset.UtcNow;

        JsonElement answer = await function.AnswerAsync("""{"Records":[1,2]}""");

        JsonElement headers = answer.GetProperty("headers");
        Assert.Equal("""{"Records": [1, 2]}""", JsonSerializer.Serialize(answer.GetProperty("event")).Replace(":", ": ", StringComparison.Ordinal).Replace(",", ", ", StringComparison.Ordinal));
        Assert.True(Guid.TryParse(headers.GetProperty("Lambda-Runtime-Aws-Request-Id").GetString(), out _));
        Assert.Equal("arn:aws:lambda:eu-west-1:000000000000:function:Odd:live", headers.GetProperty("Lambda-Runtime-Invoked-Function-Arn").GetString());
        Assert.Matches("^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$", headers.GetProperty("Lambda-Runtime-Trace-Id").GetString());
        DateTimeOffset deadline = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(headers.GetProperty("Lambda-Runtime-Deadline-Ms").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(deadline, before + TimeSpan.FromSeconds(19.9), DateTimeOffset.UtcNow + TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_variables_are_those_that_Lambda_sets()
    {
        await using TestFunction function = await TestFunction.StartAsync("echo", memorySize: 256, variables: [("COLOUR", "red"), ("AWS_REGION", "mars")]);

        JsonElement answer = await function.AnswerAsync();

        JsonElement variables = answer.GetProperty("variables");
        Assert.Equal(
            ["Odd", "$LATEST", "256", "/aws/lambda/Odd", "on-demand", "eu-west-1", "eu-west-1", ":UTC", "echo", "red"],
            new[]
            {
                "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_LOG_GROUP_NAME",
                "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_REGION", "AWS_DEFAULT_REGION", "TZ", "_HANDLER", "COLOUR",
            }.Select(name => variables.GetProperty(name).GetString()));
        Assert.Matches(@"^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$", variables.GetProperty("AWS_LAMBDA_LOG_STREAM_NAME").GetString());
        Assert.Equal(answer.GetProperty("folder").GetString(), variables.GetProperty("LAMBDA_TASK_ROOT").GetString());
    }

    [Fact]
    public async Task An_error_keeps_type_message_frames_and_cause()
    {
        await using TestFunction function = await TestFunction.StartAsync("error");

        FunctionError error = await function.ErrorAsync();

        Assert.Equal(("ValueError", "No."), (error.ErrorType, error.ErrorMessage));
        Assert.Equal("  File \"app.py\", line 3, in handler", Assert.Single(error.StackTrace));
        Assert.Equal("KeyError", error.Cause!.ErrorType);
    }

    [Fact]
    public async Task A_second_answer_is_refused_and_the_first_one_counts()
    {
        await using TestFunction function = await TestFunction.StartAsync("twice");

        Assert.Equal("first", (await function.AnswerAsync()).GetString());
        await function.LineAsync(line => line.Text == "202 403 InvalidStateTransition");
        Assert.Equal("first", (await function.AnswerAsync()).GetString());
        Assert.Equal(1, function.Counts.ColdStarts);
    }

    [Fact]
    public async Task An_answer_for_another_invocation_is_refused()
    {
        await using TestFunction function = await TestFunction.StartAsync("unknown_id");

        Assert.Equal("""[400,"InvalidRequestID"]""", JsonSerializer.Serialize(await function.AnswerAsync()));
    }

    [Fact]
    public async Task An_answer_of_7_MB_is_refused_and_the_environment_lives_on()
    {
        await using TestFunction function = await TestFunction.StartAsync("large");

        FunctionError error = await function.ErrorAsync();

        Assert.Equal("Function.ResponseSizeTooLarge", error.ErrorType);
        Assert.Contains("6291456", error.ErrorMessage, StringComparison.Ordinal);
        await function.LineAsync(line => line.Text == "413 RequestEntityTooLarge");
        await function.ErrorAsync();
        Assert.Equal(1, function.Counts.ColdStarts);
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_handed_on_as_it_is()
    {
        await using TestFunction function = await TestFunction.StartAsync("not_json");

        var answer = Assert.IsType<FunctionResult.Succeeded>(await function.InvokeAsync());

        Assert.Equal("<html>no JSON</html>", Encoding.UTF8.GetString(answer.Answer.Span));
    }

    [Fact]
    public async Task A_streamed_answer_is_refused_with_the_reason()
    {
        await using TestFunction function = await TestFunction.StartAsync("streaming");

        FunctionError error = await function.ErrorAsync();

        Assert.Equal("Runtime.StreamingNotAvailable", error.ErrorType);
        await function.LineAsync(line => line.Text == "400 StreamingNotAvailable");
    }

    [Fact]
    public async Task Who_asks_for_the_next_invocation_before_answering_this_one_is_refused()
    {
        await using TestFunction function = await TestFunction.StartAsync("impatient");

        Assert.Equal("""[403,"InvalidStateTransition"]""", JsonSerializer.Serialize(await function.AnswerAsync()));
    }

    [Fact]
    public async Task Other_calls_are_refused_by_name()
    {
        await using TestFunction function = await TestFunction.StartAsync("odd_calls");

        JsonElement[] answers = [.. (await function.AnswerAsync()).EnumerateArray()];

        Assert.Equal([404, 404, 404, 404, 403], answers.Select(answer => answer[0].GetInt32()));
        Assert.Equal("Extensions and the Telemetry API are not available.", answers[0][1].GetString());
        Assert.Equal("SnapStart is not available.", answers[1][1].GetString());
        Assert.Equal("'/2018-06-01/runtime/nonsense' is no call of the Runtime API.", answers[2][1].GetString());
        Assert.Equal("InvalidHost", answers[4][1].GetString());
    }

    [Fact]
    public async Task A_runtime_of_few_lines_that_names_no_host_or_localhost_is_answered_and_another_name_is_not()
    {
        await using TestFunction function = await TestFunction.StartAsync("hosts");

        string[] answers = [.. (await function.AnswerAsync()).EnumerateArray().Select(answer => $"{answer[0]} {answer[1]}")];

        Assert.Equal(["400 InvalidRequestID", "400 InvalidRequestID", "400 InvalidRequestID", "403 InvalidHost", "403 InvalidHost", "400 InvalidRequestID"], answers);
    }
}
