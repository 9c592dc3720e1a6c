using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees.Rules;

/// <summary>A shard that continues others waits until all of their records are settled.</summary>
internal sealed class Lineage
{
    private readonly Dictionary<ShardHistory, ImmutableArray<ShardHistory>> _parents = [];
    private readonly HashSet<(ShardHistory Child, ShardHistory Parent)> _judged = [];

    public void Add(ShardHistory child, ImmutableArray<ShardHistory> parents)
    {
        if (!parents.IsEmpty)
            _parents[child] = parents;
    }

    /// <summary>True when a mapping is at work on a shard that this one continues, or on one that that continues.</summary>
    public bool HasAncestorAtWork(ShardHistory child) =>
        _parents.TryGetValue(child, out ImmutableArray<ShardHistory> parents) && parents.Any(parent => parent.IsAtWork || HasAncestorAtWork(parent));

    /// <summary>A parent that is not done though its child begins an invocation, and a record of it that is open; each pair is told once.</summary>
    public (ShardHistory Parent, StreamRecord? Record)? OpenParentOf(ShardHistory child, DateTimeOffset now)
    {
        if (!_parents.TryGetValue(child, out ImmutableArray<ShardHistory> parents))
            return null;
        foreach (ShardHistory parent in parents)
        {
            if (parent.IsRunning)
                return (parent, parent.FirstOpen(now));
            if (_judged.Add((child, parent)) && parent.FirstOpen(now) is { } record)
                return (parent, record);
        }
        return null;
    }
}
