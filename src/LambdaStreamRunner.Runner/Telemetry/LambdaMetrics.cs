using System.Diagnostics.Metrics;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>CloudWatch's metrics of functions and mappings, as instruments of a meter that has its namespace as name.</summary>
/// <remarks>
/// Names, units and dimensions are CloudWatch's; dimensions are tags. Listen with OpenTelemetry (<c>AddMeter("AWS/Lambda")</c>),
/// dotnet-counters, or a MeterListener; without a listener nothing is measured.
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"/>.
/// </remarks>
public sealed class LambdaMetrics : IDisposable
{
    /// <summary>Name of the meter: the namespace in CloudWatch.</summary>
    public const string MeterName = "AWS/Lambda";

    /// <summary>Name of the meter of environments: the namespace of Lambda Insights.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-metrics.html"/>.</remarks>
    public const string InsightsMeterName = "LambdaInsights";

    private readonly Meter _meter = new(MeterName);
    private readonly Meter _insights = new(InsightsMeterName);
    private readonly Histogram<double> _initDuration;

    /// <summary>The instruments of one runner.</summary>
    /// <param name="concurrentExecutions">Executions of each function that run now, by its name.</param>
    /// <param name="environments">What became of the environments of each function that runs in processes.</param>
    public LambdaMetrics(Func<IEnumerable<(string Function, int Running)>> concurrentExecutions, Func<IEnumerable<EnvironmentSummary>> environments)
    {
        Invocations = _meter.CreateCounter<long>("Invocations", "Count", "Executions of the function, failed ones and retries included, throttled ones not.");
        Errors = _meter.CreateCounter<long>("Errors", "Count", "Executions that ended in a function error. Reported batch item failures are none.");
        Throttles = _meter.CreateCounter<long>("Throttles", "Count", "Invocations that found no free execution, here or where a remote function runs; neither Invocations nor Errors.");
        Duration = _meter.CreateHistogram<double>("Duration", "Milliseconds", "Time that the function took.");
        IteratorAge = _meter.CreateHistogram<double>("IteratorAge", "Milliseconds", "Age of the last record of a batch when the function gets it.");
        DestinationDeliveryFailures = _meter.CreateCounter<long>("DestinationDeliveryFailures", "Count", "Discarded batches that the on-failure destination did not take.");
        Polled = EventCount("PolledEventCount", "Records read; 0 for a read without any.");
        FilteredOut = EventCount("FilteredOutEventCount", "Records that no filter let pass.");
        Invoked = EventCount("InvokedEventCount", "Records sent to the function, again at every retry.");
        FailedInvoke = EventCount("FailedInvokeEventCount", "Records that the function did not process successfully.");
        Dropped = EventCount("DroppedEventCount", "Records given up that nobody has received.");
        OnFailureDestinationDelivered = EventCount("OnFailureDestinationDeliveredEventCount", "Records given up that the on-failure destination was told of.");
        _meter.CreateObservableGauge(
            "ConcurrentExecutions", () => concurrentExecutions().Select(now => new Measurement<int>(now.Running, new KeyValuePair<string, object?>("FunctionName", now.Function))),
            "Count", "Executions of the function that run now.");
        _initDuration = _insights.CreateHistogram<double>("init_duration", "Milliseconds", "Time to start an environment; as many as there were cold starts.");
        _insights.CreateObservableGauge(
            "environments", () => environments().Select(now => new Measurement<int>(now.Environments, new KeyValuePair<string, object?>("function_name", now.Name))),
            "Count", "Environments of the function that are there now. CloudWatch has no such metric.");
    }

    internal Counter<long> Invocations { get; }

    internal Counter<long> Errors { get; }

    internal Counter<long> Throttles { get; }

    internal Histogram<double> Duration { get; }

    internal Histogram<double> IteratorAge { get; }

    internal Counter<long> DestinationDeliveryFailures { get; }

    internal Counter<long> Polled { get; }

    internal Counter<long> FilteredOut { get; }

    internal Counter<long> Invoked { get; }

    internal Counter<long> FailedInvoke { get; }

    internal Counter<long> Dropped { get; }

    internal Counter<long> OnFailureDestinationDelivered { get; }

    /// <summary>An environment was started, or could not be.</summary>
    internal void Initialized(InitReport report)
    {
        if (report.Status is null)
            _initDuration.Record(report.Duration.TotalMilliseconds, new KeyValuePair<string, object?>("function_name", report.FunctionName));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _insights.Dispose();
    }

    private Counter<long> EventCount(string name, string description) => _meter.CreateCounter<long>(name, "Count", description);
}
