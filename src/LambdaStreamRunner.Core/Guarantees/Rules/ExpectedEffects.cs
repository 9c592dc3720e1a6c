using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>The effects that one invocation should have, per key in the order of its records, and which of them it has had.</summary>
internal sealed class ExpectedEffects
{
    private const int None = -1;

    private readonly Dictionary<string, Chain> _chains = [];
    private readonly Dictionary<EffectExpectation, int> _firstOfEffect = [];      // filled when the order is not that of the records
    private EffectExpectation?[] _expected = [];
    private int[] _next = [];                                 // the next position with the same key
    private int[] _nextOfEffect = [];                         // the next position with the same key and value
    private bool[] _isMade = [];
    private int _count;
    private bool _isIndexed;

    /// <summary>Asks for the effect of every record.</summary>
    public void Begin(ReadOnlySpan<StreamRecord> records, Func<StreamRecord, EffectExpectation?> effectOf)
    {
        _chains.Clear();
        (_count, _isIndexed) = (records.Length, false);
        if (_expected.Length < records.Length)
        {
            (_expected, _isMade) = (new EffectExpectation?[records.Length], new bool[records.Length]);
            (_next, _nextOfEffect) = (new int[records.Length], new int[records.Length]);
        }
        for (int position = 0; position < records.Length; position++)
        {
            _expected[position] = effectOf(records[position]);
            _next[position] = None;
            _isMade[position] = false;
            if (_expected[position] is { } effect)
                Chain(effect.Key, position, records[position].KeyHash);
        }
    }

    /// <summary>The first record whose effect this is and that has not had it, in the order of its key; null when there is none.</summary>
    public MadeEffect? Take(string key, string value)
    {
        ref Chain chain = ref CollectionsMarshal.GetValueRefOrNullRef(_chains, key);
        if (Unsafe.IsNullRef(ref chain))
            return null;
        int position = chain.First;
        if (position == None || _expected[position]!.Value.Value != value)
            position = FindElsewhere(new EffectExpectation(key, value));
        if (position == None)
            return null;
        _isMade[position] = true;
        while (chain.First != None && _isMade[chain.First])
            chain.First = _next[chain.First];
        bool isBehind = !chain.IsMixed && position < chain.Highest;
        chain.Highest = Math.Max(chain.Highest, position);
        return new MadeEffect(position, isBehind);
    }

    private int FindElsewhere(EffectExpectation effect)
    {
        if (!_isIndexed)
            Index();
        ref int first = ref CollectionsMarshal.GetValueRefOrNullRef(_firstOfEffect, effect);
        if (Unsafe.IsNullRef(ref first))
            return None;
        while (first != None && _isMade[first])
            first = _nextOfEffect[first];
        return first;
    }

    private void Index()
    {
        _isIndexed = true;
        _firstOfEffect.Clear();
        for (int position = _count - 1; position >= 0; position--)
        {
            if (_expected[position] is not { } effect)
                continue;
            _nextOfEffect[position] = _firstOfEffect.GetValueOrDefault(effect, None);
            _firstOfEffect[effect] = position;
        }
    }

    private void Chain(string key, int position, UInt128 partition)
    {
        ref Chain chain = ref CollectionsMarshal.GetValueRefOrAddDefault(_chains, key, out bool exists);
        if (!exists)
        {
            chain = new Chain { First = position, Last = position, Highest = None, Partition = partition };
            return;
        }
        _next[chain.Last] = position;
        chain.Last = position;
        chain.IsMixed |= chain.Partition != partition;
    }
}

/// <summary>An effect that a record explains.</summary>
/// <param name="Position">Of the record in its batch.</param>
/// <param name="IsBehind">True when the effect of a later record of its key came before, in the same invocation.</param>
internal readonly record struct MadeEffect(int Position, bool IsBehind);

/// <summary>The records of one invocation that change the same.</summary>
internal struct Chain
{
    /// <summary>Position of the first one without its effect.</summary>
    public int First;

    /// <summary>Position of the last one.</summary>
    public int Last;

    /// <summary>Highest position that has had its effect.</summary>
    public int Highest;

    /// <summary>Partition key of the first one, as hash.</summary>
    public UInt128 Partition;

    /// <summary>True when there are several partition keys, between which no order is promised.</summary>
    public bool IsMixed;
}
