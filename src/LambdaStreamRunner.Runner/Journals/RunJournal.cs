using System.Buffers;
using System.Diagnostics;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Journals;

/// <summary>A file that gets everything that happens to the mappings of a run, as a history that can be replayed.</summary>
/// <remarks>
/// A thread of its own writes. When the disk is slow, the run waits for it, and says so; when it is full or gone, the
/// journal ends there, that is logged, and the run goes on. After kill -9 the file is readable up to its last whole line.
/// </remarks>
internal sealed class RunJournal : IAsyncDisposable
{
    /// <summary>Most bytes that wait to be written.</summary>
    internal const long WaitingBytesMax = 64 << 20;

    /// <summary>Bytes from which on they are given to the system, though more are waiting.</summary>
    private const int WriteLength = 256 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long an end that was abandoned waits for the file all the same: a disk that works takes what is left by then.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly CancellationToken _abandon;
    private readonly JournalQueue _queue = new(WaitingBytesMax);
    private readonly Dictionary<(Guid Mapping, DateTimeOffset StreamCreated), MappingJournal> _mappings = [];
    private int _introduced;
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _abandoning;
    private bool _hasGivenUp;
    private volatile bool _isKept;
    private volatile string? _problem;

    /// <summary>A journal that is not begun.</summary>
    /// <param name="path">The file.</param>
    /// <param name="logger">Hears of a slow disk, and of one that fails.</param>
    /// <param name="abandon">Fires when the end of the run shall not wait for the file any more.</param>
    public RunJournal(string path, ILogger logger, CancellationToken abandon) => (_path, _logger, _abandon) = (path, logger, abandon);

    /// <summary>Why the journal ends before the run; null when it does not.</summary>
    public string? Problem => _problem;

    /// <summary>Why a file cannot become a journal, and what to do; null when it can.</summary>
    public static string? WhyNot(string path)
    {
        if (Directory.Exists(path))
            return $"The journal '{path}' is a folder; name a file.";
        var file = new FileInfo(path);
        if (file.Directory is { Exists: false } folder)
            return $"The journal '{path}' has no folder: make {folder.FullName}, or name another one.";
        return file is { Exists: true, Length: > 0 } ? $"The journal '{path}' is there and not empty, and is not overwritten: name another file, or move that one away." : null;
    }

    /// <summary>Begins the file, which only its user may read: records' payloads are in it.</summary>
    /// <exception cref="JournalException">It is there and not empty, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled: a pipe is there when somebody reads it.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        if (WhyNot(_path) is { } refusal)
            throw new JournalException(refusal);
        new Thread(Work) { IsBackground = true, Name = "journal" }.Start();
        await _opened.Task.WaitAsync(cancellation);
        _abandoning = _abandon.Register(_queue.Abandon);
    }

    /// <summary>The journal of a mapping, the same one however often it is changed or started.</summary>
    /// <param name="mapping">The mapping's UUID.</param>
    /// <param name="streamCreated">Of another stream of this name its shards are others, and so is the history.</param>
    public MappingJournal Of(Guid mapping, DateTimeOffset streamCreated)
    {
        lock (_mappings)
        {
            if (!_mappings.TryGetValue((mapping, streamCreated), out MappingJournal? journal))
                _mappings.Add((mapping, streamCreated), journal = new MappingJournal(this));
            return journal;
        }
    }

    /// <summary>Writes a mapping before its first step; returns its place in the file.</summary>
    public int Introduce(HistoryMapping mapping)
    {
        lock (_mappings)
        {
            Add(new JournalEntry.Settings(_introduced, mapping));
            return _introduced++;
        }
    }

    /// <summary>Hands an entry to the writer; waits when that is far behind.</summary>
    public void Add(JournalEntry entry)
    {
        if (!_queue.Add(entry, Patience, () => _logger.JournalIsSlow(_path)))
            _problem ??= Incomplete();
    }

    /// <summary>Writes what waits, and closes the file; what is added later is dropped.</summary>
    public async Task CompleteAsync()
    {
        _isKept = true;
        await EndAsync();
    }

    /// <summary>Ends it as <see cref="CompleteAsync"/> does; where nothing has begun, its file is left empty, for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _abandoning.DisposeAsync();
    }

    private async Task EndAsync()
    {
        _queue.Close();
        if (!_opened.Task.IsCompletedSuccessfully || _hasGivenUp)
            return;
        await _written.Task.WaitAsync(_abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAny(_written.Task, Task.Delay(LastPatience, TimeProvider.System, CancellationToken.None));
        if (_written.Task.IsCompleted)
            return;
        _hasGivenUp = true;                                   // the thread is left where it hangs, and dies with the process
        _problem ??= Incomplete();
    }

    private string Incomplete() => $"The journal '{_path}' is not written completely: its file took no more, and the run did not wait for it any longer.";

    private void Work()
    {
        FileStream file;
        try
        {
            file = JournalFile.Open(_path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _opened.SetException(refused as JournalException ?? new JournalException($"The journal '{_path}' cannot be written: {refused.Message}", refused));
            return;
        }
        _opened.SetResult();
        Write(file);
    }

    private void Write(FileStream file)
    {
        try
        {
            using (file)
            {
                WriteAll(file);
                if (!_isKept && _introduced == 0 && file.CanSeek)
                    file.SetLength(0);                        // the start failed: the next one finds the file as this one did
            }
        }
#pragma warning disable CA1031 // Whatever it is, the run must not end by it: the journal ends, and that is logged and told at the end.
        catch (Exception trouble)
#pragma warning restore CA1031
        {
            _problem = $"The journal '{_path}' ends before the run: {trouble.Message}";
            _queue.Close();                                   // nobody waits for it any more
            _logger.JournalFailed(_problem);
        }
        finally
        {
            _written.SetResult();
        }
    }

    private void WriteAll(FileStream file)
    {
        var lines = new ArrayBufferWriter<byte>(WriteLength);
        using var writer = new HistoryWriter(lines);
        writer.WriteHeader(title: null, seed: null);
        bool isOpen = true;
        while (isOpen)
        {
            while (lines.WrittenCount < WriteLength && _queue.TryTake(out JournalEntry? entry))
                Write(writer, entry!);
            file.Write(lines.WrittenSpan);
            lines.ResetWrittenCount();
            isOpen = _queue.Wait();
        }
    }

    private static void Write(HistoryWriter writer, JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.Settings settings:
                writer.WriteMapping(settings.Mapping, settings.Content);
                break;
            case JournalEntry.Step step:
                writer.WriteStep(step.Mapping, step.Content);
                break;
            case JournalEntry.Arrivals arrivals:
                foreach (StreamRecord record in arrivals.Records)
                    writer.WriteStep(arrivals.Mapping, new HistoryStep.RecordArrived(arrivals.Time, arrivals.ShardId, record));
                break;
            default:
                throw new UnreachableException();
        }
    }
}
