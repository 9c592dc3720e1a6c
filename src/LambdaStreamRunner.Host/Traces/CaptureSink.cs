using System.Globalization;
using LambdaStreamRunner.Runner.Input;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Takes captured records, in order of time or to be sorted, and writes them; what cannot be written is said and counted.</summary>
/// <param name="writer">Where they go.</param>
/// <param name="hiding">What is shown of keys.</param>
/// <param name="order">Whether they come in order.</param>
/// <param name="complain">Takes the first complaints.</param>
internal sealed class CaptureSink(TraceWriter writer, KeyHiding hiding, LineOrder order, Action<string> complain) : IAsyncDisposable
{
    /// <summary>Most different keys that are kept while a trace is sorted.</summary>
    public const int SortedKeysMax = 5_000_000;

    private readonly ArrivalSorter? _sorter = order is LineOrder.Any ? new ArrivalSorter() : null;
    private readonly Dictionary<UInt128, byte[]> _keys = [];
    private long _latest;
    private long _latestPlace;
    private long _first = long.MaxValue;
    private bool _isComplete;

    /// <summary>Records that were taken.</summary>
    public long Count { get; private set; }

    /// <summary>Records that were not.</summary>
    public long Refused { get; private set; }

    /// <summary>Bytes of the data of all.</summary>
    public long Bytes { get; private set; }

    /// <summary>From the first to the last by time.</summary>
    public TimeSpan Span => Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(_latest - _first);

    /// <summary>Takes a record.</summary>
    /// <param name="ticks">When it arrived, since 1970.</param>
    /// <param name="key">Its key.</param>
    /// <param name="bytes">Bytes of its data.</param>
    /// <param name="place">Its number, for people.</param>
    /// <exception cref="TraceException">There are too many different keys to sort.</exception>
    public ValueTask AddAsync(long ticks, ReadOnlySpan<byte> key, int bytes, long place)
    {
        if (writer.WhyNot(key) is { } reason)
        {
            Refuse(place, reason);
            return ValueTask.CompletedTask;
        }
        if (_sorter is null && ticks < _latest - TimeOrder.Tolerance.Ticks)
        {
            Refuse(place, string.Create(CultureInfo.InvariantCulture, $"is {TimeSpan.FromTicks(_latest - ticks).TotalSeconds:0.###} s earlier than line {_latestPlace}; --sort puts all lines in order"));
            return ValueTask.CompletedTask;
        }
        if (ticks >= _latest)
            (_latest, _latestPlace) = (ticks, place);
        _first = Math.Min(_first, ticks);
        Count++;
        Bytes += bytes;
        return Pass(ticks, key, bytes);
    }

    /// <summary>Counts one that could not be taken, and complains about the first of them.</summary>
    public void Refuse(long place, string reason)
    {
        Refused++;
        if (Refused <= InputFeeder.ComplaintsMax)
            complain(string.Create(CultureInfo.InvariantCulture, $"Not captured: line {place} {Terminal.VisibleText.Whole(reason)}"));
    }

    /// <summary>Writes what waits to be sorted, and ends the file.</summary>
    public async ValueTask CompleteAsync()
    {
        _isComplete = true;
        _sorter?.Complete(WriteSorted);
        await writer.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _sorter?.Dispose();
        if (!_isComplete)
            await writer.DisposeAsync();
    }

    private ValueTask Pass(long ticks, ReadOnlySpan<byte> key, int bytes)
    {
        UInt128 hash = hiding.HashOf(key);
        if (_sorter is null)
        {
            writer.Write(ticks, key, hash, bytes);
            return writer.IsFull ? writer.FlushAsync() : ValueTask.CompletedTask;
        }
        if (hiding.Keys is TraceKeys.Written && !_keys.ContainsKey(hash))
            Keep(hash, key);
        _sorter.Add(new Arrival(ticks, hash, key.Length, bytes));
        return ValueTask.CompletedTask;
    }

    private void Keep(UInt128 hash, ReadOnlySpan<byte> key)
    {
        if (_keys.Count == SortedKeysMax)
            throw new TraceException(string.Create(CultureInfo.InvariantCulture, $"There are more than {SortedKeysMax:N0} different keys, too many to be kept while lines are sorted: add --hash-keys."));
        _keys.Add(hash, key.ToArray());
    }

    private void WriteSorted(ReadOnlySpan<Arrival> arrivals)
    {
        foreach (ref readonly Arrival arrival in arrivals)
        {
            ReadOnlySpan<byte> key = hiding.Keys is TraceKeys.Written ? _keys[arrival.KeyHash] : default;
            writer.Write(arrival.Ticks, key, arrival.KeyHash, arrival.DataLength, arrival.KeyLength);
            if (writer.IsFull)
                writer.Flush();
        }
    }
}
