namespace LambdaStreamRunner.Core.Mappings.Ordering;

/// <summary>The partition keys that have waiting records or are claimed, each in a slot that is used again.</summary>
internal sealed class KeyTable
{
    private const int CapacityMin = 16;

    private readonly Dictionary<UInt128, int> _slotOf = [];
    private readonly Stack<int> _unused = new();
    private KeyState[] _keys = new KeyState[CapacityMin];
    private int _used;

    /// <summary>The hashes and slots of all keys.</summary>
    public Dictionary<UInt128, int> Slots => _slotOf;

    /// <summary>The key in a slot. Adding a key may move the others.</summary>
    public ref KeyState this[int slot] => ref _keys[slot];

    /// <summary>The slot of a key, a new one when it has none.</summary>
    public int SlotOf(UInt128 hash)
    {
        if (_slotOf.TryGetValue(hash, out int slot))
            return slot;
        if (!_unused.TryPop(out slot))
            slot = TakeFresh();
        _keys[slot] = new KeyState { Hash = hash, ClaimedBy = KeyState.Nobody };
        _slotOf.Add(hash, slot);
        return slot;
    }

    /// <summary>True while a lane holds the key.</summary>
    public bool IsClaimed(UInt128 hash) => _slotOf.TryGetValue(hash, out int slot) && _keys[slot].ClaimedBy != KeyState.Nobody;

    /// <summary>Nothing waits for the key and nobody holds it: its slot is free.</summary>
    public void Forget(int slot)
    {
        _slotOf.Remove(_keys[slot].Hash);
        _unused.Push(slot);
    }

    private int TakeFresh()
    {
        if (_used == _keys.Length)
            Array.Resize(ref _keys, _keys.Length * 2);
        return _used++;
    }
}

/// <summary>What waits for one partition key, and who holds it.</summary>
internal struct KeyState
{
    /// <summary>The lane number that stands for no lane.</summary>
    public const int Nobody = -1;

    /// <summary>Hash of the key.</summary>
    public UInt128 Hash;

    /// <summary>Slot of its oldest waiting record.</summary>
    public int First;

    /// <summary>Slot of its youngest waiting record.</summary>
    public int Last;

    /// <summary>The lane that holds the key, or <see cref="Nobody"/>.</summary>
    public int ClaimedBy;

    /// <summary>True while the key is in the heap of free keys.</summary>
    public bool IsOffered;

    /// <summary>Its waiting records.</summary>
    public WaitingSums Waiting;
}

/// <summary>Waiting records in numbers.</summary>
/// <param name="Records">How many.</param>
/// <param name="EventLength">Their bytes in an event.</param>
/// <param name="RawLength">Bytes of their keys and payloads.</param>
internal readonly record struct WaitingSums(int Records, long EventLength, long RawLength)
{
    public static WaitingSums operator +(WaitingSums a, WaitingSums b) =>
        new(a.Records + b.Records, a.EventLength + b.EventLength, a.RawLength + b.RawLength);

    public static WaitingSums operator -(WaitingSums a, WaitingSums b) =>
        new(a.Records - b.Records, a.EventLength - b.EventLength, a.RawLength - b.RawLength);
}
