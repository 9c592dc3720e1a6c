using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Tests.Measuring;
using LambdaStreamRunner.Host.Verifying;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Host.Tests.Verifying;

public class VerifierTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();

    /// <summary>One decision core on both sides: where the function takes what the model says, nothing is left to differ.</summary>
    [Theory]
    [InlineData(PollingMode.Aws, 1, 1, 100, 0, LanePolicy.HashLanes)]
    [InlineData(PollingMode.Aws, 2, 4, 10, 0, LanePolicy.HashLanes)]
    [InlineData(PollingMode.Aws, 3, 2, 500, 2, LanePolicy.DynamicKeys)]
    [InlineData(PollingMode.Push, 1, 2, 50, 0, LanePolicy.HashLanes)]
    [InlineData(PollingMode.Push, 2, 10, 20, 1, LanePolicy.DynamicKeys)]
    public async Task A_function_that_takes_what_was_modelled_is_predicted_exactly(PollingMode polling, int shards, int lanes, int batchSize, int window, LanePolicy policy)
    {
        var setting = new TunedSetting(shards, new EventSourceMapping
        {
            Polling = polling,
            ParallelizationFactor = lanes,
            BatchSize = batchSize,
            MaximumBatchingWindow = TimeSpan.FromSeconds(window),
            LanePolicy = policy,
        });

        VerifiedRun run = Assert.Single((await VerifyAsync(new PacedFunction(_time, records => 20 + records.Count), "20ms + 1ms/record", setting)).Runs);

        Assert.Equal(VerificationClock.Accelerated, run.Clock);
        Assert.All(run.Figures, figure => Assert.True(figure.Error < 0.017, $"{figure}"));         // percentiles of a prediction are exact to 1.6 %
        Assert.InRange(run.KolmogorovSmirnov, 0, 0.05);
    }

    [Fact]
    public async Task A_function_that_takes_longer_than_was_modelled_is_not_recommended()
    {
        Verification verification = await VerifyAsync(new PacedFunction(_time, records => 100 + (3 * records.Count)), "20ms + 1ms/record", new TunedSetting(1, new EventSourceMapping { Polling = PollingMode.Push }));

        Assert.False(verification.IsRecommended);
        Assert.InRange(verification.Runs[0].KolmogorovSmirnov, 0.2, 1);
    }

    [Fact]
    public async Task Virtual_time_alone_recommends_nothing()
    {
        Verification verification = await VerifyAsync(new PacedFunction(_time, records => 20 + records.Count), "20ms + 1ms/record", new TunedSetting(1, new EventSourceMapping()));

        Assert.True(verification.Runs[0].LargestError < Verification.ErrorMax);
        Assert.False(verification.IsRecommended);
    }

    [Fact]
    public async Task A_window_that_does_not_fit_into_the_time_is_left_out_and_told()
    {
        var setting = new TunedSetting(1, new EventSourceMapping { BatchSize = 10_000, MaximumBatchingWindow = TimeSpan.FromSeconds(300) });

        Verification verification = await VerifierOf(new PacedFunction(_time, _ => 5), "5ms", clocks: VerificationClock.Wall)
            .VerifyAsync([setting], TestContext.Current.CancellationToken);

        Assert.Empty(verification.Runs);
        RunLeftOut left = Assert.Single(verification.LeftOut);
        Assert.StartsWith("It would take about 5 min", left.Why, StringComparison.Ordinal);
        Assert.Matches(@"are allowed\. Allow it with --verify-time 3[0-9]{2}s\. 20 invocations, which a recommendation needs, take about [0-9]+ min", left.Why);
    }

    [Fact]
    public async Task Few_invocations_get_a_longer_stretch_when_it_costs_no_time()
    {
        var setting = new TunedSetting(1, new EventSourceMapping { BatchSize = 10_000, MaximumBatchingWindow = TimeSpan.FromSeconds(10) });
        var traffic = new PoissonTraffic(perSecond: 5, TimeSpan.FromMinutes(20));

        Verification verification = await VerifierOf(new PacedFunction(_time, _ => 5), "5ms", traffic: traffic).VerifyAsync([setting], TestContext.Current.CancellationToken);

        Assert.InRange(verification.Runs[0].Invocations, Verification.InvocationsMin, 3 * Verification.InvocationsMin);
    }

    [Fact]
    public async Task A_function_that_hangs_ends_the_run_with_a_sentence()
    {
        var function = new PacedFunction(_time, _ => 1_000_000) { Timeout = TimeSpan.FromSeconds(3) };
        var setting = new TunedSetting(1, new EventSourceMapping { MaximumRetryAttempts = EventSourceMapping.Unlimited });

        Verification verification = await VerifierOf(function, "5ms").VerifyAsync([setting], TestContext.Current.CancellationToken);

        Assert.Empty(verification.Runs);
        Assert.Contains("the function hangs", Assert.Single(verification.LeftOut).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_the_function_refuses_are_given_up_and_do_not_hold_up_the_run()
    {
        SampleRecord[] samples = [.. Enumerable.Range(0, 50).Select(n => new SampleRecord("key", System.Text.Encoding.UTF8.GetBytes(n == 20 ? "bad" : "good"), null))];
        var function = new PacedFunction(_time, _ => 5) { FailureOf = records => records.Contains("bad") ? "That one." : null };
        var setting = new TunedSetting(1, new EventSourceMapping { Polling = PollingMode.Push, MaximumRetryAttempts = 1, BisectBatchOnFunctionError = true, BatchSize = 10 });

        Verification verification = await VerifierOf(function, "5ms", new SampleRecords([.. samples], "fifty", AreGenerated: false))
            .VerifyAsync([setting], TestContext.Current.CancellationToken);

        Assert.Equal(function.Calls.Count, verification.Runs[0].Figures.Single(figure => figure.Name == "invocations").Measured);
        Assert.Contains(function.Calls, call => call is ["bad"]);
        Assert.True(function.Calls.Count(call => call.Contains("good")) > 100);
    }

    [Fact]
    public async Task An_interruption_leaves_the_settings_that_are_done()
    {
        using var interruption = new CancellationTokenSource();
        int calls = 0;
        var function = new PacedFunction(_time, _ =>
        {
            if (++calls == 2_000)
                interruption.Cancel();
            return 2;
        });
        TunedSetting[] settings = [.. new[] { 100, 50, 2, 1 }.Select(size => new TunedSetting(1, new EventSourceMapping { BatchSize = size, Polling = PollingMode.Aws }))];

        Verification verification = await VerifierOf(function, "2ms").VerifyAsync(settings, interruption.Token);

        Assert.Equal(settings.Take(verification.Runs.Length), verification.Runs.Select(run => run.Setting));
        Assert.InRange(verification.Runs.Length, 1, 3);
    }

    [Fact]
    public async Task An_interruption_before_the_first_setting_is_done_leaves_nothing()
    {
        using var interruption = new CancellationTokenSource();
        var function = new PacedFunction(_time, _ =>
        {
            interruption.Cancel();
            return 2;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => VerifierOf(function, "2ms").VerifyAsync([new TunedSetting(1, new EventSourceMapping())], interruption.Token));
    }

    private Task<Verification> VerifyAsync(IMeasuredFunction function, string model, TunedSetting setting) =>
        VerifierOf(function, model).VerifyAsync([setting], TestContext.Current.CancellationToken);

    private Verifier VerifierOf(
        IMeasuredFunction function, string model, SampleRecords? samples = null, PoissonTraffic? traffic = null, VerificationClock clocks = VerificationClock.Accelerated) => new(
        function, samples ?? SampleRecords.Generate(), traffic ?? new PoissonTraffic(perSecond: 200, Length),
        new VerificationPlan { Handler = HandlerModelExpression.Parse(model), Length = Length, Clocks = [clocks] }, time: _time);
}
