using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>The numbers settled last, to tell a record that is repeated from one that was passed over.</summary>
/// <remarks>Writing is one store on the hot path; reading is a scan, for the few violations that are listed.</remarks>
internal sealed class SettledLog
{
    private const int CapacityMax = 16_384;

    private SequenceNumber[] _numbers = new SequenceNumber[64];
    private int _next;
    private bool _full;

    public void Add(SequenceNumber number)
    {
        if (_next == _numbers.Length)
            MakeRoom();
        _numbers[_next++] = number;
    }

    public bool Contains(SequenceNumber number) => _numbers.AsSpan(0, _full ? _numbers.Length : _next).Contains(number);

    public void Clear() => (_next, _full) = (0, false);

    private void MakeRoom()
    {
        if (_numbers.Length < CapacityMax)
        {
            Array.Resize(ref _numbers, _numbers.Length * 2);
            return;
        }
        (_next, _full) = (0, true);
    }
}
