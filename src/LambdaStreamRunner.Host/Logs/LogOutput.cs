using System.Buffers;

namespace LambdaStreamRunner.Host.Logs;

/// <summary>
/// Lines on their way to an output that may be slow. A thread of its own writes all that has come since its last write at once, so that no line waits for
/// another one to come; who has more to say than can wait is held up.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    /// <summary>Characters that may wait, besides those that are being written.</summary>
    public const int WaitingMax = 1 << 20;

    // A process that crashes is not held up by an output that nobody reads.
    private static readonly TimeSpan PatienceOfCrash = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();                    // a monitor: all that follows waits for each other
    private readonly TextWriter _output;
    private readonly Thread _writer;
    private ArrayBufferWriter<char> _waiting = new();
    private ArrayBufferWriter<char> _written = new();
    private bool _isWriting;
    private bool _hasEnded;

    /// <summary>Begins with nothing.</summary>
    /// <param name="output">Where to; others may write there as well, so it must take calls from any thread.</param>
    public LogOutput(TextWriter output)
    {
        _output = output;
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "log of functions" };
        _writer.Start();
        AppDomain.CurrentDomain.ProcessExit += Exiting;       // a handler may end the process
        AppDomain.CurrentDomain.UnhandledException += Crashing;
    }

    /// <summary>Why nothing is written any more, for people; null while it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Makes a line, from any thread, and leaves it to be written.</summary>
    /// <param name="line">What it is about.</param>
    /// <param name="make">Makes it, with its end; called before this returns.</param>
    public void Add<T>(T line, Action<IBufferWriter<char>, T> make)
    {
        lock (_gate)
        {
            while (_waiting.WrittenCount > WaitingMax && !_hasEnded)
                Monitor.Wait(_gate);
            if (_hasEnded)
                return;
            make(_waiting, line);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until everything so far is written.</summary>
    public void Flush() => Flush(Timeout.InfiniteTimeSpan);

    /// <summary>Writes what is left. What comes later is dropped.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Exiting;
        AppDomain.CurrentDomain.UnhandledException -= Crashing;
        lock (_gate)
        {
            _hasEnded = true;
            Monitor.PulseAll(_gate);
        }
        _writer.Join();
    }

    private void Exiting(object? sender, EventArgs ignored) => Flush();

    private void Crashing(object sender, UnhandledExceptionEventArgs ignored) => Flush(PatienceOfCrash);

    private void Flush(TimeSpan atMost)
    {
        lock (_gate)
        {
            while (_isWriting || _waiting.WrittenCount > 0)
            {
                if (!Monitor.Wait(_gate, atMost))
                    return;
            }
        }
    }

    private void WriteAll()
    {
        while (TryTake())
        {
            try
            {
                _output.Write(_written.WrittenSpan);
                _output.Flush();
            }
#pragma warning disable CA1031 // Whatever it is: a log that cannot be written must not end the run, and is told of.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                End(fault);
            }
        }
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            _isWriting = false;
            Monitor.PulseAll(_gate);
            while (_waiting.WrittenCount == 0)
            {
                if (_hasEnded)
                    return false;
                Monitor.Wait(_gate);
            }
            (_waiting, _written) = (Emptied(_written), _waiting);
            return _isWriting = true;
        }
    }

    private void End(Exception fault)
    {
        lock (_gate)
        {
            Problem ??= $"The log of the functions could not be written to its end: {fault.Message}";
            _hasEnded = true;
            _waiting = new ArrayBufferWriter<char>();
        }
    }

    // A line of a megabyte does not keep its room for ever.
    private static ArrayBufferWriter<char> Emptied(ArrayBufferWriter<char> buffer)
    {
        if (buffer.Capacity > WaitingMax)
            return new ArrayBufferWriter<char>();
        buffer.ResetWrittenCount();
        return buffer;
    }
}
