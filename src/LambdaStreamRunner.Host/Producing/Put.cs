using System.Text.Json;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>One execution of <c>put</c>: records from somewhere, through a producer, at a rate, with a count that adds up.</summary>
/// <remarks>When it is interrupted, it reads no further and puts what it has read; the second interruption abandons that.</remarks>
internal sealed class Put(KinesisEndpoint endpoint, string stream, ProducerOptions options, Pace pace, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    private readonly long _start = time.GetTimestamp();
    private long _read;

    /// <summary>Lines that became no record.</summary>
    public long Refused { get; private set; }

    /// <summary>What became of the records.</summary>
    public ProducerCounts Counts { get; private set; }

    public Task LinesAsync(Stream input, PartitionKeyExpression partitionKey, CancellationToken stopping, CancellationToken abandon) => PutAllAsync(
        async producer =>
        {
            using var lines = new InputReader(input, partitionKey);
            while (await lines.ReadAsync(stopping))
            {
                InputRecord record = lines.Current;
                if (record.PartitionKey.IsFound)
                    await PutAsync(producer, record.PartitionKey.Value, record.Data, stopping);
                else
                    Refuse(record);
            }
        },
        abandon);

    public Task GeneratedAsync(RecordGenerator generator, CancellationToken stopping, CancellationToken abandon) => PutAllAsync(
        async producer =>
        {
            while (generator.MoveNext())
                await PutAsync(producer, generator.PartitionKey, generator.Data, stopping);
        },
        abandon);

    public void Conclude(bool json)
    {
        TimeSpan duration = time.GetElapsedTime(_start);
        ProducerCounts counts = Counts;
        long notPut = _read - counts.Put;
        double rate = Math.Round(counts.Put / Math.Max(duration.TotalSeconds, 0.001), 1);
        if (json)
        {
            screen.WriteDocument(JsonSerializer.Serialize(new
            {
                records = _read + Refused,
                put = counts.Put,
                notPut,
                refusedLines = Refused,
                kinesisRecords = counts.KinesisRecords,
                requests = counts.Requests,
                retried = counts.Retried,
                mayBeTwice = counts.MayBeTwice,
                durationMs = (long)duration.TotalMilliseconds,
                recordsPerSecond = rate,
            }));
            return;
        }
        string inside = options.AggregateSizeMax is null ? "" : FormattableString.Invariant($" inside {counts.KinesisRecords} Kinesis records");
        string twice = counts.MayBeTwice == 0 ? "" : FormattableString.Invariant($" ({counts.MayBeTwice} of them may be there twice)");
        screen.Say(FormattableString.Invariant(
            $"{counts.Put} records put{inside} in {duration.TotalSeconds:0.0} s, {rate} records/s; {counts.Retried} sent again{twice}, {notPut} not put, {Refused} lines refused."));
    }

    private async Task PutAllAsync(Func<Producer, Task> read, CancellationToken abandon)
    {
        Producer producer = await Producer.StartAsync(endpoint, stream, options, Random.Shared, time, abandon);
        if (options.AggregateSizeMax is not null && !producer.KnowsShards)
            Screen.Complain("The endpoint does not list the stream's shards: records are aggregated per key.");
        using (time.CreateTimer(_ => ShowProgress(producer.Counts), null, ProgressEvery, ProgressEvery))
        {
            try
            {
                await ReadAndFlushAsync(producer, read);
            }
            finally
            {
                await producer.DisposeAsync();
                Counts = producer.Counts;
            }
        }
    }

    private static async Task ReadAndFlushAsync(Producer producer, Func<Producer, Task> read)
    {
        try
        {
            await read(producer);
        }
        catch (Exception endedEarly) when (endedEarly is OperationCanceledException or IOException)
        {
            await producer.FlushAsync();                      // what was read is put all the same
            throw;
        }
        await producer.FlushAsync();
    }

    private async ValueTask PutAsync(Producer producer, string key, ReadOnlyMemory<byte> data, CancellationToken stopping)
    {
        await pace.WaitAsync(_read, stopping);
        stopping.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _read);
        await producer.AddAsync(key, data, stopping);
    }

    private void Refuse(InputRecord record)
    {
        Refused++;
        if (Refused <= InputFeeder.ComplaintsMax)
            Screen.Complain($"Not put: {record.Complaint}");
    }

    private void ShowProgress(ProducerCounts counts)
    {
        TimeSpan elapsed = time.GetElapsedTime(_start);
        long underWay = Volatile.Read(ref _read) - counts.Put;
        screen.Say(FormattableString.Invariant(
            $"{counts.Put} records put, {counts.Put / elapsed.TotalSeconds:0} records/s, {underWay} under way, {counts.Retried} sent again"));
    }
}
