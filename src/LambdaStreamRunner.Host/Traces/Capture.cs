using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>One capture from its source to its result.</summary>
/// <param name="name">The file that is written, for people.</param>
/// <param name="screen">Where it speaks.</param>
/// <param name="time">Real time.</param>
internal sealed class Capture(string name, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    private readonly long _start = time.GetTimestamp();
    private CaptureSink? _sink;
    private bool _isInterrupted;

    public required CaptureSource Source { get; init; }

    public required Func<CaptureFile> Open { get; init; }

    public required TraceFormat Format { get; init; }

    public required KeyHiding Hiding { get; init; }

    public required LineOrder Order { get; init; }

    /// <summary>Captures; what was written until the end, or until it was stopped, stays. Without a record, and without a clean end, nothing does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stopping)
    {
        CaptureFile? file = null;
        try
        {
            file = Open();
            await using var sink = new CaptureSink(new TraceWriter(file.Content, Format, Hiding.Keys), Hiding, Order, Screen.Complain);
            _sink = sink;
            using (time.CreateTimer(_ => ShowProgress(sink), null, ProgressEvery, ProgressEvery))
                await ReadAsync(sink, file, stopping);
            return await EndAsync(sink, file);
        }
        catch (HistoryFormatException bad)
        {
            Screen.Complain($"The journal cannot be read: {bad.Message}");
            return ExitCodes.WrongUsage;
        }
        catch (TraceException bad)
        {
            Screen.Complain(bad.Message);
            return ExitCodes.WrongUsage;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Screen.Complain(refused.Message);
            return file is { IsKept: true } ? ExitCodes.DoneWithLosses : CouldNotWrite(file);
        }
        finally
        {
            Dispose(file);
        }
    }

    public void Conclude(bool json)
    {
        if (_sink is null)
            return;
        if (json)
        {
            screen.WriteDocument(JsonSerializer.Serialize(new
            {
                records = _sink.Count,
                refusedLines = _sink.Refused,
                bytes = _sink.Bytes,
                spanMs = (long)_sink.Span.TotalMilliseconds,
                interrupted = _isInterrupted,
                @out = name,
                durationMs = (long)time.GetElapsedTime(_start).TotalMilliseconds,
            }));
            return;
        }
        string interrupted = _isInterrupted ? " until it was interrupted" : "";
        screen.Say($"{name}: {Figures.Some(_sink.Count, "record")} of {TimeText.Of(_sink.Span)} captured{interrupted}, {Figures.Some(_sink.Refused, "line")} refused.");
    }

    // What was read before a fault is kept, too: the file is ended before the fault is told.
    private async Task ReadAsync(CaptureSink sink, CaptureFile file, CancellationToken stopping)
    {
        try
        {
            await Source.ReadAsync(sink, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _isInterrupted = true;
        }
        catch (IOException) when (sink.Count > 0)
        {
            await sink.CompleteAsync();
            file.Keep();
            throw;
        }
    }

    private async Task<int> EndAsync(CaptureSink sink, CaptureFile file)
    {
        if (_isInterrupted && sink.Count == 0)
        {
            Screen.Complain($"Interrupted before there was a record; {name} was not written.");
            return ExitCodes.CouldNotRun;
        }
        await sink.CompleteAsync();
        file.Keep();
        return sink.Refused > 0 || (_isInterrupted && !Source.IsOpenEnded) ? ExitCodes.DoneWithLosses : ExitCodes.Done;
    }

    private int CouldNotWrite(CaptureFile? file)
    {
        if (_sink is { Count: > 0 } && file?.LeavePart() is { } part)
            Screen.Complain($"{name} was not written. What could be is in {part}, whose last line may be cut off.");
        return ExitCodes.CouldNotRun;
    }

    // What could not be written before cannot be written now either, and that has been told.
    private static void Dispose(CaptureFile? file)
    {
        try
        {
            file?.Dispose();
        }
        catch (IOException unwritten)
        {
            Screen.Complain(unwritten.Message);
        }
    }

    private void ShowProgress(CaptureSink sink) => screen.Say(string.Create(
        CultureInfo.InvariantCulture, $"{Figures.Some(sink.Count, "record")} captured, {sink.Count / time.GetElapsedTime(_start).TotalSeconds:N0} records/s"));
}
