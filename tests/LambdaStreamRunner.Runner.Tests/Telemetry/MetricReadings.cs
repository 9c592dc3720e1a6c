using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.Telemetry;

/// <summary>Reads the metrics of one function or mapping, as CloudWatch's dimensions name them. Other tests' runners have others.</summary>
internal sealed class MetricReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<double>> _values = new();
    private readonly string _dimension;
    private readonly string _value;

    /// <param name="dimension">FunctionName, EventSourceMappingUUID, or function_name for those of environments.</param>
    /// <param name="value">Its value.</param>
    public MetricReadings(string dimension, string value)
    {
        (_dimension, _value) = (dimension, value);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is LambdaMetrics.MeterName or LambdaMetrics.InsightsMeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, measurement, tags, _) => Add(instrument, measurement, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, measurement, tags, _) => Add(instrument, measurement, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, measurement, tags, _) => Add(instrument, measurement, tags));
        _listener.Start();
    }

    /// <summary>Every measurement of a metric, in order.</summary>
    public double[] this[string metric] => _values.TryGetValue(metric, out ConcurrentQueue<double>? values) ? [.. values] : [];

    public double Sum(string metric) => this[metric].Sum();

    public void ReadGauges() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == _dimension && tag.Value as string == _value)
                _values.GetOrAdd(instrument.Name, _ => []).Enqueue(measurement);
        }
    }
}
