using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>Which records of a producer have had their effect, on any shard, whichever of their puts it was made for.</summary>
internal sealed class RepeatedPuts(Func<StreamRecord, long>? numberOf)
{
    private readonly HashSet<long> _haveEffect = [];

    /// <summary>True when the effect of a record was made, for it or for another put of it.</summary>
    public bool HasEffect(in StreamRecord record) => numberOf is not null && _haveEffect.Contains(numberOf(record));

    /// <summary>The effect of a record was made.</summary>
    public void Made(in StreamRecord record)
    {
        if (numberOf is not null)
            _haveEffect.Add(numberOf(record));
    }
}
