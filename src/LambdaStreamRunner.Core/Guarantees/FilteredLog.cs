using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>The numbers that one life filtered last. They come in ascending order, since reading passes each record once.</summary>
internal sealed class FilteredLog
{
    private const int CapacityMax = 16_384;

    private SequenceNumber[] _numbers = new SequenceNumber[64];
    private int _count;
    private SequenceNumber _forgottenThrough;                 // zero: nothing is forgotten

    /// <summary>The highest number; zero when there is none.</summary>
    public SequenceNumber Highest => _count == 0 ? default : _numbers[_count - 1];

    /// <summary>Adds a number above all others.</summary>
    public void Add(SequenceNumber number)
    {
        if (_count == _numbers.Length)
            MakeRoom();
        _numbers[_count++] = number;
    }

    /// <summary>True when the number was filtered, as far as is remembered.</summary>
    public bool Contains(SequenceNumber number) =>
        _count > 0 && number <= Highest && number >= _numbers[0] && _numbers.AsSpan(0, _count).BinarySearch(number) >= 0;

    /// <summary>True when the number was filtered, or may have been and is forgotten.</summary>
    public bool MayContain(SequenceNumber number) => number <= _forgottenThrough || Contains(number);

    /// <summary>A new life begins.</summary>
    public void Clear() => (_count, _forgottenThrough) = (0, default);

    private void MakeRoom()
    {
        if (_numbers.Length < CapacityMax)
        {
            Array.Resize(ref _numbers, _numbers.Length * 2);
            return;
        }
        int half = _count / 2;
        _forgottenThrough = _numbers[half - 1];
        Array.Copy(_numbers, half, _numbers, 0, _count - half);
        _count -= half;
    }
}
