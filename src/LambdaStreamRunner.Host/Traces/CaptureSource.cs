using System.Text;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Replaying;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Capturing;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Where a trace is captured from.</summary>
internal abstract class CaptureSource
{
    /// <summary>True when it goes on until somebody ends it: to be interrupted is its end, and no fault.</summary>
    public virtual bool IsOpenEnded => false;

    /// <summary>Gives all records to a sink.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public abstract Task ReadAsync(CaptureSink sink, CancellationToken stopping);

    /// <summary>The lines of a file.</summary>
    /// <param name="file">Which, or '-' for standard input.</param>
    /// <param name="partitionKey">Finds the key of a line.</param>
    /// <param name="time">Finds its time.</param>
    public sealed class Lines(string file, PartitionKeyExpression partitionKey, LineTime time) : CaptureSource
    {
        /// <inheritdoc/>
        public override async Task ReadAsync(CaptureSink sink, CancellationToken stopping)
        {
            await using Stream input = InputFile.Open(file);
            using var lines = new InputReader(input, partitionKey);
            while (await lines.ReadAsync(stopping))
            {
                stopping.ThrowIfCancellationRequested();
                InputRecord line = lines.Current;
                if (!line.PartitionKey.IsFound)
                    sink.Refuse(line.LineNumber, line.PartitionKey.Reason);
                else if (time.Find(line.Data.Span, out long ticks) is { } reason)
                    sink.Refuse(line.LineNumber, reason);
                else
                    await sink.AddAsync(ticks, Encoding.UTF8.GetBytes(line.PartitionKey.Value), line.Data.Length, line.LineNumber);
            }
        }
    }

    /// <summary>The records of a run's journal.</summary>
    /// <param name="file">The journal.</param>
    /// <param name="mapping">Whose records; null when there is one mapping only.</param>
    public sealed class Journal(string file, string? mapping) : CaptureSource
    {
        /// <inheritdoc/>
        public override async Task ReadAsync(CaptureSink sink, CancellationToken stopping)
        {
            History history = await HistoryFile.ReadAsync(file, stopping);
            long place = 0;
            foreach (HistoryStep.RecordArrived step in JournalMapping.Choose(file, history, mapping).Steps.OfType<HistoryStep.RecordArrived>().OrderBy(step => step.Record.ArrivalMilliseconds))
                await sink.AddAsync(step.Record.ArrivalMilliseconds * TimeSpan.TicksPerMillisecond, step.Record.Key, step.Record.DataLength, ++place);
        }
    }

    /// <summary>A stream, as it comes.</summary>
    /// <param name="capture">Reads it.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="limits">When it ends.</param>
    /// <param name="time">Real time.</param>
    public sealed class LiveStream(StreamCapture capture, ShardPosition from, CaptureLimits limits, TimeProvider time) : CaptureSource
    {
        /// <inheritdoc/>
        public override bool IsOpenEnded => limits is { End: CaptureEnd.WithTheStream, Count: null, Duration: null };

        /// <inheritdoc/>
        public override async Task ReadAsync(CaptureSink sink, CancellationToken stopping)
        {
            using var timeUp = new CancellationTokenSource(limits.Duration ?? Timeout.InfiniteTimeSpan, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeUp.Token);
            long count = 0;
            try
            {
                await capture.ReadAsync(from, limits.End, TakeAsync, either.Token);
            }
            catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !stopping.IsCancellationRequested)
            {
                // The time that was asked for is over.
            }

            async ValueTask<bool> TakeAsync(CapturedRecord record)
            {
                await sink.AddAsync((record.Arrival - DateTimeOffset.UnixEpoch).Ticks, record.Key.Span, record.DataLength, ++count);
                return count != limits.Count;
            }
        }
    }
}

/// <summary>When the capture of a stream ends.</summary>
/// <param name="End">By itself.</param>
/// <param name="Count">After so many records; null for any number.</param>
/// <param name="Duration">After so long, in real time; null for any time.</param>
internal sealed record CaptureLimits(CaptureEnd End, long? Count, TimeSpan? Duration);
