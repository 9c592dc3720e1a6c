using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Invoking;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Functions.Tests.Invoking;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html, "REPORT line data fields"</summary>
public class Reports
{
    private static readonly FunctionInvocation Invocation =
        new(Guid.Parse("00000000-0000-0000-0000-000000000007"), "arn:aws:lambda:us-east-1:000000000000:function:orders");

    private readonly FakeTimeProvider _time = new();
    private readonly List<InvocationReport> _reports = [];

    [Fact]
    public async Task An_invocation_of_this_process_is_reported_with_its_duration_and_without_memory()
    {
        await InvokeAsync(() => _time.Advance(TimeSpan.FromMilliseconds(12.5)), new FunctionListener { Report = _reports.Add }, Invocation);

        InvocationReport report = Assert.Single(_reports);
        Assert.Equal(Fixture.Settings.LogStreamName, report.LogStreamName);
        Assert.Equal("REPORT RequestId: 00000000-0000-0000-0000-000000000007\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB", report.ToString());
    }

    [Fact]
    public async Task How_it_ended_is_told_when_not_well()
    {
        var listener = new FunctionListener { Report = _reports.Add };

        await InvokeAsync(() => throw new InvalidOperationException("no"), listener, Invocation);
        await InvokeAsync(() => _time.Advance(TimeSpan.FromSeconds(3)), listener, Invocation);

        Assert.Equal(["error", "timeout"], _reports.Select(report => report.Status));
    }

    [Fact]
    public async Task Who_asks_for_the_report_of_one_invocation_gets_that_alone()
    {
        List<InvocationReport> all = [];

        await InvokeAsync(() => { }, FunctionListener.Silent, Invocation);
        await InvokeAsync(() => { }, FunctionListener.Silent, Invocation with { Report = _reports.Add });
        await InvokeAsync(() => { }, new FunctionListener { Report = all.Add }, Invocation with { Report = _reports.Add });

        Assert.Equal((2, 1), (_reports.Count, all.Count));
    }

    private Task<FunctionResult> InvokeAsync(Action handler, FunctionListener listener, FunctionInvocation invocation)
    {
        // Ends only when the clock has brought it past its deadline, if it does.
        async Task HandleAsync(Stream _)
        {
            handler();
            if (_time.GetUtcNow() - _time.Start >= TimeSpan.FromSeconds(3))
                await new TaskCompletionSource().Task;
        }

        var function = new InProcessFunction(HandlerBinder.Bind(HandleAsync), Fixture.Settings, _time, listener);
        return function.OpenLane().InvokeAsync(Fixture.Utf8("{}"), invocation, TestContext.Current.CancellationToken);
    }
}
