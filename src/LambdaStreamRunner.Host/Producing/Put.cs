using System.Text.Json;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>One execution of <c>put</c>: records from somewhere, through a producer, at a rate, with a count that adds up.</summary>
internal sealed class Put(KinesisProducer producer, Pace pace, Screen screen)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    private readonly long _start = TimeProvider.System.GetTimestamp();
    private TimeSpan _lastProgress;
    private long _read;

    /// <summary>Lines that became no record.</summary>
    public long Refused { get; private set; }

    public async Task LinesAsync(Stream input, PartitionKeyExpression partitionKey, CancellationToken stopping)
    {
        using var lines = new InputReader(input, partitionKey);
        while (await lines.ReadAsync(stopping))
        {
            InputRecord record = lines.Current;
            if (record.PartitionKey.IsFound)
                await PutAsync(record.PartitionKey.Value, record.Data, stopping);
            else
                Refuse(record);
        }
        await producer.FlushAsync(stopping);
    }

    public async Task GeneratedAsync(RecordGenerator generator, CancellationToken stopping)
    {
        while (generator.MoveNext())
            await PutAsync(generator.PartitionKey, generator.Data, stopping);
        await producer.FlushAsync(stopping);
    }

    public void Conclude(bool json, TimeSpan duration)
    {
        long lost = _read - producer.Acknowledged;
        double rate = Math.Round(producer.Acknowledged / Math.Max(duration.TotalSeconds, 0.001), 1);
        if (json)
        {
            screen.WriteDocument(JsonSerializer.Serialize(
                new { records = _read + Refused, put = producer.Acknowledged, notPut = lost, refusedLines = Refused, retried = producer.Retried, durationMs = (long)duration.TotalMilliseconds, recordsPerSecond = rate }));
            return;
        }
        screen.Say(FormattableString.Invariant($"{producer.Acknowledged} records put in {duration.TotalSeconds:0.0} s, {rate} records/s; {producer.Retried} sent again, {lost} not put, {Refused} lines refused."));
    }

    private async ValueTask PutAsync(string key, ReadOnlyMemory<byte> data, CancellationToken stopping)
    {
        if (pace.MustWait(_read))
        {
            await producer.FlushAsync(stopping);
            await pace.WaitAsync(_read, stopping);
        }
        stopping.ThrowIfCancellationRequested();
        _read++;
        await producer.PutAsync(key, data, stopping);
        ShowProgress();
    }

    private void Refuse(InputRecord record)
    {
        Refused++;
        if (Refused <= InputFeeder.ComplaintsMax)
            Screen.Complain($"Not put: {record.Complaint}");
    }

    private void ShowProgress()
    {
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(_start);
        if (elapsed - _lastProgress < ProgressEvery)
            return;
        _lastProgress = elapsed;
        screen.Say(FormattableString.Invariant($"{producer.Acknowledged} records put, {producer.Acknowledged / elapsed.TotalSeconds:0} records/s"));
    }
}
