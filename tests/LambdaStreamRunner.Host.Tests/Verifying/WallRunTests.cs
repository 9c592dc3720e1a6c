using System.Text;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Verifying;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tests.Verifying;

/// <summary>Real time: the runner itself is what is looked at, for a second.</summary>
public class WallRunTests
{
    private static readonly TunedSetting Setting = new(2, new EventSourceMapping
    {
        Polling = PollingMode.Push,
        BatchSize = 10,
        ParallelizationFactor = 2,
        MaximumRetryAttempts = 0,
        FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures],
    });

    private readonly TrafficSlice _slice = TrafficSlice.BusiestOf(new PoissonTraffic(perSecond: 200, TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(1), SampleRecords.Generate());

    [Fact]
    public async Task Every_record_of_the_slice_reaches_the_function_once()
    {
        var function = new ScriptedFunction();

        ObservedRun run = await new WallRun(function, Setting, _slice, reservedConcurrency: null, drain: TimeSpan.Zero).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(_slice.Count, function.Records);
        Assert.Equal(_slice.Count, run.Latencies.Length);
        Assert.Equal(function.Calls, run.Invocations);
        Assert.Equal((double)_slice.Count / function.Calls, run.MeanBatch, 0.001);
        Assert.True(run.Latencies[0] > 0 && run.IteratorAges[0] >= 0);
    }

    [Fact]
    public async Task A_batch_that_fails_is_an_invocation_and_no_latency()
    {
        var function = new ScriptedFunction { Answer = call => call % 2 == 0 ? null : "" };

        ObservedRun run = await new WallRun(function, Setting, _slice, reservedConcurrency: null, drain: TimeSpan.Zero).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(function.Calls, run.Invocations);
        Assert.InRange(run.Latencies.Length, 1, _slice.Count - 1);
    }

    [Fact]
    public async Task An_interruption_stops_the_runner()
    {
        using var interruption = new CancellationTokenSource();
        var function = new ScriptedFunction
        {
            Answer = call =>
            {
                if (call == 3)
                    interruption.Cancel();
                return "";
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new WallRun(function, Setting, _slice, reservedConcurrency: null, drain: TimeSpan.Zero).RunAsync(interruption.Token));

        Assert.InRange(function.Records, 1, _slice.Count - 1);
    }

    /// <summary>Answers at once.</summary>
    private sealed class ScriptedFunction : IMeasuredFunction
    {
        private int _calls;
        private int _records;

        public string Name => "Scripted";

        public TimeSpan Timeout => TimeSpan.FromSeconds(30);

        public int Calls => _calls;

        public int Records => _records;

        /// <summary>What the call of a number, from 1, answers; null when it fails.</summary>
        public Func<int, string?> Answer { get; init; } = _ => "";

        public MeasuredCall OpenLane() => (eventJson, _) =>
        {
            Interlocked.Add(ref _records, Encoding.UTF8.GetString(eventJson.Span).Split("\"eventID\"").Length - 1);
            string? answer = Answer(Interlocked.Increment(ref _calls));
            return Task.FromResult<FunctionResult>(answer is null
                ? new FunctionResult.Failed(new FunctionError("InvalidOperationException", "Not this one.", []))
                : new FunctionResult.Succeeded(Encoding.UTF8.GetBytes(answer)));
        };

        public Task<MeasuredCall?> OpenColdLaneAsync(CancellationToken cancellation) => Task.FromResult<MeasuredCall?>(null);
    }
}
