using System.Collections.Immutable;
using System.Diagnostics;
using LambdaStreamRunner.Core.Guarantees.Rules;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>Reads the history of a mapping, step by step, and says which promises were broken: by the mapping, or by its handler.</summary>
/// <remarks>
/// Independent of what decides: it knows the settings and what happened. It remembers every record, in linear time; what is
/// to watch a mapping without end is <see cref="ShardChecker"/>, which every shard has here as well.
/// </remarks>
/// <param name="promises">What the history is held to.</param>
public sealed class HistoryChecker(HistoryPromises promises)
{
    private readonly ViolationList _violations = new(int.MaxValue);
    private readonly Dictionary<string, ShardHistory> _byId = [];
    private readonly List<ShardHistory> _shards = [];
    private readonly Lineage _lineage = new();
    private readonly RepeatedPuts _repeatedPuts = new(promises.ProducerNumbers);
    private ShardHistory? _last;
    private DateTimeOffset _lastArrival = DateTimeOffset.MinValue;
    private bool _hasBegun;
    private int _steps;

    /// <summary>Broken promises of every kind.</summary>
    public long ViolationCount => _violations.Count;

    /// <summary>The first 100 violations of each kind, in the order in which they were found.</summary>
    public ImmutableArray<Violation> Violations => _violations.Listed;

    /// <summary>How often a promise was broken.</summary>
    public long CountOf(ViolationKind kind) => _violations.CountOf(kind);

    /// <summary>Takes the next step of the history.</summary>
    /// <exception cref="ArgumentException">A record arrived after one with a higher number, which no shard does.</exception>
    public void Add(HistoryStep step)
    {
        _violations.StepIndex = _steps++;
        _violations.Time = step.Time;
        ShardHistory shard = _last?.ShardId == step.ShardId ? _last : ShardOf(step.ShardId);
        _last = shard;
        Add(shard, step);
    }

    /// <summary>The history has ended: nothing may be lost, late or missing.</summary>
    /// <param name="end">When; records that have left retention by then are told apart from those that were lost otherwise.</param>
    public void Finish(DateTimeOffset end)
    {
        _violations.StepIndex = null;
        _violations.Time = end;
        foreach (ShardHistory shard in _shards)
            shard.Finish(end, _lastArrival, _lineage.HasAncestorAtWork(shard));
        if (promises.Effects is null || !(promises.ExpectsEffects || _shards.Exists(shard => shard.HasEffects)))
            return;
        foreach (ShardHistory shard in _shards)
            shard.FinishEffects();
    }

    private void Add(ShardHistory shard, HistoryStep step)
    {
        switch (step)
        {
            case HistoryStep.RecordArrived arrived:
                _lastArrival = arrived.Time > _lastArrival ? arrived.Time : _lastArrival;
                if (shard.Arrive(arrived))
                    CheckNoChildBegan(shard, arrived.Record, null);
                break;
            case HistoryStep.InvocationStarted started:
                CheckParents(shard, started);
                if (_lineage.BegunAfter(shard) is not null && shard.FirstUndelivered(started.Records) is { } fresh)
                    CheckNoChildBegan(shard, fresh, started.RequestId);
                shard.Start(started);
                break;
            case HistoryStep.InvocationEnded ended:
                shard.End(ended);
                break;
            case HistoryStep.EffectMade made:
                shard.HaveEffect(made);
                break;
            case HistoryStep.CheckpointSaved saved:
                shard.Save(saved);
                break;
            case HistoryStep.Filtered filtered:
                shard.Filter(filtered);
                break;
            case HistoryStep.Discarded discarded:
                shard.Discard(discarded);
                break;
            case HistoryStep.DiscardSettled settled:
                shard.SettleDiscard(settled);
                break;
            case HistoryStep.ShardCreated created:
                Create(shard, created);
                break;
            case HistoryStep.MachineBegan began:
                _hasBegun = true;
                shard.Begin(began);
                break;
            case HistoryStep.MachineCrashed:
                shard.Crash();
                break;
            case HistoryStep.ShardClosed:
                shard.Close();
                break;
            case HistoryStep.MachineClosed:
                break;                                        // what they mean for others is seen by what these do
            default:
                throw new UnreachableException();
        }
    }

    private ShardHistory ShardOf(string shardId)
    {
        if (_byId.TryGetValue(shardId, out ShardHistory? shard))
            return shard;
        shard = new ShardHistory(shardId, promises, _violations, _repeatedPuts)
        {
            IsExpectedWhole = promises.ExpectsEverything,
        };
        _byId.Add(shardId, shard);
        _shards.Add(shard);
        return shard;
    }

    // A mapping that has begun reads every later shard from its beginning.
    private void Create(ShardHistory shard, HistoryStep.ShardCreated created)
    {
        shard.IsExpectedWhole |= _hasBegun;
        _lineage.Add(shard, created.Parents.IsDefault ? [] : [.. created.Parents.Select(ShardOf)]);
    }

    private void CheckParents(ShardHistory shard, HistoryStep.InvocationStarted started)
    {
        if (_lineage.OpenParentOf(shard, started.Time) is not { } open || !_violations.Counts(ViolationKind.ChildBeforeParent))
            return;
        string what = open.Record is { } record ? $"record {record} is not settled" : "an invocation still runs";
        SequenceNumber first = started.Records.IsEmpty ? default : started.Records.Span[0].SequenceNumber;
        _violations.List(ViolationKind.ChildBeforeParent, shard.ShardId, first, started.RequestId,
            $"invocation {started.RequestId} began although of {open.Parent.ShardId}, which this shard continues, {what}.");
    }

    private void CheckNoChildBegan(ShardHistory shard, StreamRecord record, Guid? requestId)
    {
        if (_lineage.BegunAfter(shard) is not { } child || !_violations.Counts(ViolationKind.ChildBeforeParent))
            return;
        string what = requestId is { } id ? $"was delivered for the first time, in invocation {id}," : "arrived";
        _violations.List(ViolationKind.ChildBeforeParent, shard.ShardId, record.SequenceNumber, requestId,
            $"record {record} {what} after {child.ShardId}, which continues this shard, had begun an invocation.");
    }
}
