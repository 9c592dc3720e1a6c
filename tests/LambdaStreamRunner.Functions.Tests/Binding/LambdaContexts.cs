using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>The user's own ILambdaContext, in whatever version, answers with the facts of the invocation.</summary>
public class LambdaContexts
{
    [Fact]
    public async Task Every_member_answers()
    {
        string answer = await Fixture.AnswerOf(Fixture.Bind("Handlers::Fixtures.ContextReader::Read"), "{}");

        Assert.Equal(
            "\"request-1|orders|$LATEST|arn:aws:lambda:us-east-1:000000000000:function:orders:live|512|00:00:02.5000000|/aws/lambda/orders|2026/01/31/[$LATEST]00000000000000000000000000000000|True|True\"",
            answer);
    }

    [Fact]
    public async Task Logged_lines_arrive_with_request_id_level_and_arguments()
    {
        List<FunctionLogLine> lines = [];

        await Fixture.Bind("Handlers::Fixtures.ContextReader::Log").InvokeAsync(Fixture.Utf8("{}"), Fixture.Context(lines.Add));

        Assert.All(lines, line => Assert.Equal(("orders", "request-1"), (line.FunctionName, line.RequestId)));
        Assert.Equal(
            [
                "Information plain", "Information line", "Warning named level", "Debug level of the enum", "Information order a1 took 2.3 ms",
                $"Error failed hard{Environment.NewLine}System.InvalidOperationException: boom", "Critical number 7",
            ],
            lines.Select(line => $"{line.Level} {line.Text}"));
    }

    [Fact]
    public async Task Members_newer_than_the_runner_answer_nothing_and_the_serializer_is_the_functions_own()
    {
        string answer = await Fixture.AnswerOf(Fixture.Bind("HandlersNewer::Fixtures.Function::ReadNewMembers"), "{}");

        Assert.Equal("\"no tenant|0|no forecast|JsonSerializer|request-1\"", answer);
    }
}
