using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>A shard that continues others waits until all of their records are settled.</summary>
/// <remarks>
/// In a run's journal records arrive when they are read, so what a shard still holds is not known when its child begins: a record
/// that comes to light after that was open then.
/// </remarks>
internal sealed class Lineage
{
    private readonly Dictionary<ShardHistory, ImmutableArray<ShardHistory>> _ancestors = [];
    private readonly HashSet<(ShardHistory Child, ShardHistory Ancestor)> _judged = [];
    private readonly Dictionary<ShardHistory, ShardHistory> _descendants = [];     // the first one that has begun an invocation

    public void Add(ShardHistory child, ImmutableArray<ShardHistory> parents)
    {
        if (!parents.IsEmpty)
            _ancestors[child] = [.. parents.SelectMany(AncestorsFrom).Distinct()];
    }

    /// <summary>True when a mapping is at work on a shard that this one continues, or on one that that continues.</summary>
    public bool HasAncestorAtWork(ShardHistory child) =>
        _parents.TryGetValue(child, out ImmutableArray<ShardHistory> parents) && parents.Any(parent => parent.IsAtWork || HasAncestorAtWork(parent));

    /// <summary>A parent that is not done though its child begins an invocation, and a record of it that is open; each pair is told once.</summary>
    public (ShardHistory Parent, StreamRecord? Record)? OpenParentOf(ShardHistory child, DateTimeOffset now)
    {
        if (!_ancestors.TryGetValue(child, out ImmutableArray<ShardHistory> ancestors))
            return null;
        foreach (ShardHistory ancestor in ancestors)
        {
            _descendants.TryAdd(ancestor, child);
            if (ancestor.IsRunning)
                return (ancestor, ancestor.FirstOpen(now));
            if (_judged.Add((child, ancestor)) && ancestor.FirstOpen(now) is { } record)
                return (ancestor, record);
        }
        return null;
    }

    /// <summary>A shard that continues this one and has begun an invocation; null when there is none.</summary>
    public ShardHistory? BegunAfter(ShardHistory shard) => _descendants.GetValueOrDefault(shard);

    private IEnumerable<ShardHistory> AncestorsFrom(ShardHistory parent) => [parent, .. _ancestors.GetValueOrDefault(parent, [])];
}
