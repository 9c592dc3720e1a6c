using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.TimeLines;

/// <summary>Makes rows of steps: an invocation is one from its start to its end, puts at one moment are one.</summary>
internal sealed class RowList
{
    /// <summary>Columns for the names of records.</summary>
    private const int SubjectWidthMax = 40;

    private readonly TimeLineOptions _options;
    private readonly RecordLabels _labels;
    private readonly StepWords _words;
    private readonly List<Row> _rows = [];
    private readonly Dictionary<(string ShardId, Guid RequestId), (Row Row, HistoryStep.InvocationStarted Started)> _running = [];
    private readonly Dictionary<(string ShardId, Guid RequestId), Row> _latest = [];   // ended ones as well: their code may run on
    private readonly HashSet<string> _begun = [];              // shards that a machine has begun
    private readonly List<StreamRecord> _put = [];             // those of the last row, when that is a put
    private Row? _lastDiscard;
    private int _invocations;

    public RowList(IReadOnlyList<HistoryStep> steps, TimeLineOptions options)
    {
        _options = options;
        _labels = new RecordLabels(options.LabelOf);
        _words = new StepWords(_labels);
        ILookup<int, string> notes = options.Notes.ToLookup(note => note.StepIndex, note => note.Text);
        for (int index = 0; index < steps.Count; index++)
        {
            Row row = Take(steps[index]);
            row.Notes.AddRange(notes[index]);
        }
        foreach ((Row row, _) in _running.Values)
            (row.End, row.Mark, row.Text) = (steps[^1].Time, '…', "runs on");
    }

    /// <summary>The rows that the options ask for.</summary>
    public IEnumerable<Row> Shown => _rows.Where(row => row.IsWanted && !(row.IsObvious && row.Notes.Count == 0)
        && (_options.ShardId is null || row.ShardId == _options.ShardId)
        && (_options.From is not { } from || row.End >= from) && (_options.To is not { } to || row.Start <= to));

    private Row Take(HistoryStep step) => step switch
    {
        HistoryStep.RecordArrived arrived => Put(arrived),
        HistoryStep.InvocationStarted started => Start(started),
        HistoryStep.InvocationEnded ended => End(ended),
        HistoryStep.Filtered filtered => Add(step, "filter", filtered.Records.Span, "no filter wants it"),
        HistoryStep.Discarded discarded => _lastDiscard = Add(step, "drop", discarded.Batch.Records.AsSpan(), StepWords.Of(discarded.Batch)),
        HistoryStep.DiscardSettled settled => Settle(settled),
        HistoryStep.CheckpointSaved saved => Add(step, "save", _words.Of(step.ShardId, saved.Checkpoint), isWanted: _options.Key is null),
        HistoryStep.EffectMade effect => Effect(effect),
        HistoryStep.MachineBegan began => Begin(began),
        HistoryStep.MachineCrashed => Crash(step),
        HistoryStep.MachineClosed closed => Add(step, "end", closed.Reason is CloseReason.ShardEnd ? "the shard is done" : "the mapping is stopped"),
        HistoryStep.ShardCreated { Parents.IsEmpty: true } => Add(step, "shard", "is there", isObvious: true),
        HistoryStep.ShardCreated created => Add(step, "shard", $"made of {string.Join(" and ", created.Parents.Select(StepWords.ShardOf))}"),
        HistoryStep.ShardClosed => Add(step, "shard", "closed: no more records come"),
        _ => throw new UnreachableException(),
    };

    private Row Put(HistoryStep.RecordArrived arrived)
    {
        _labels.See(arrived.ShardId, arrived.Record);
        bool isWanted = IsOfKey(arrived.Record);
        bool joins = _put.Count > 0 && _rows[^1] is { What: "put" } last && last.Start == arrived.Time && last.ShardId == arrived.ShardId && last.IsWanted == isWanted && last.Notes.Count == 0;
        if (!joins)
        {
            _put.Clear();
            Add(arrived, "put", "", isWanted: isWanted);
        }
        _put.Add(arrived.Record);
        _rows[^1].Subject = _labels.Of(arrived.ShardId, CollectionsMarshal.AsSpan(_put), SubjectWidthMax);
        return _rows[^1];
    }

    private Row Start(HistoryStep.InvocationStarted started)
    {
        See(started.ShardId, started.Records.Span);
        _invocations++;
        string names = _labels.Of(started.ShardId, started.Records.Span, SubjectWidthMax - 2);
        string end = started.Window is { IsFinalInvoke: true } ? "end of window" : "";
        var row = new Row
        {
            Start = started.Time,
            End = started.Time,
            What = string.Create(CultureInfo.InvariantCulture, $"inv {_invocations}"),
            ShardId = started.ShardId,
            Lane = started.Lane,
            Subject = $"[{names}{(names.Length > 0 && end.Length > 0 ? ", " : "")}{end}]" + (started.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $" try {started.Attempt}") : ""),
            IsWanted = HasKey(started.Records.Span),
        };
        _running[(started.ShardId, started.RequestId)] = (row, started);
        _latest[(started.ShardId, started.RequestId)] = row;
        _rows.Add(row);
        return row;
    }

    private Row End(HistoryStep.InvocationEnded ended)
    {
        if (!_running.Remove((ended.ShardId, ended.RequestId), out (Row Row, HistoryStep.InvocationStarted Started) invocation))
            return Add(ended, "ended", "an invocation that had not begun", isWanted: _options.Key is null);
        Row row = invocation.Row;
        row.End = ended.Time;
        (row.Mark, row.Text) = _words.Of(invocation.Started, ended.Outcome);
        return row;
    }

    // Where the destination has it at once, nobody needs a line for that.
    private Row Settle(HistoryStep.DiscardSettled settled)
    {
        ReadOnlySpan<StreamRecord> records = settled.Batch.Records.AsSpan();
        if (settled.Error is not null)
            return Add(settled, "lost", records, $"not delivered: {StepWords.OneLine(settled.Error)}");
        bool isAtOnce = _lastDiscard is { } last && last.Start == settled.Time && last.ShardId == settled.ShardId && last == _rows[^1];
        return isAtOnce ? _lastDiscard! : Add(settled, "sent", records, "to the destination");
    }

    private Row Effect(HistoryStep.EffectMade effect)
    {
        string invocation = _latest.TryGetValue((effect.ShardId, effect.RequestId), out Row? by) ? by.What : "its invocation";
        Row row = Add(
            effect, "effect", effect.IsWithinInvocation ? $"by {invocation}" : $"after the end of {invocation}", isWanted: _options.Key is null || _options.Key == effect.Key);
        row.Subject = StepWords.Cut($"{StepWords.OneLine(effect.Key)} = {StepWords.OneLine(effect.Value)}", SubjectWidthMax);
        row.Mark = '*';
        return row;
    }

    private Row Begin(HistoryStep.MachineBegan began)
    {
        Abandon(began, "cut off by a restart");
        bool isFirst = _begun.Add(began.ShardId);
        bool isObvious = isFirst && began.From.Position.Type is ShardIteratorType.TrimHorizon;
        return Add(began, "begin", _words.Of(began.ShardId, began.From), isObvious: isObvious);
    }

    private Row Crash(HistoryStep crashed)
    {
        Abandon(crashed, "lost in the crash");
        Row row = Add(crashed, "crash", "what ran is lost");
        row.Mark = '✗';
        return row;
    }

    private void Abandon(HistoryStep cause, string text)
    {
        foreach (var key in _running.Keys.Where(key => key.ShardId == cause.ShardId).ToArray())
        {
            _running.Remove(key, out (Row Row, HistoryStep.InvocationStarted Started) invocation);
            (invocation.Row.End, invocation.Row.Mark, invocation.Row.Text) = (cause.Time, '✗', text);
        }
    }

    private Row Add(HistoryStep step, string what, ReadOnlySpan<StreamRecord> records, string text)
    {
        See(step.ShardId, records);
        Row row = Add(step, what, text, isWanted: HasKey(records));
        row.Subject = $"[{_labels.Of(step.ShardId, records, SubjectWidthMax - 2)}]";
        return row;
    }

    private Row Add(HistoryStep step, string what, string text, bool isObvious = false, bool isWanted = true)
    {
        var row = new Row { Start = step.Time, End = step.Time, What = what, ShardId = step.ShardId, Text = text, IsObvious = isObvious, IsWanted = isWanted };
        _rows.Add(row);
        return row;
    }

    private void See(string shardId, ReadOnlySpan<StreamRecord> records)
    {
        foreach (ref readonly StreamRecord record in records)
            _labels.See(shardId, record);
    }

    private bool HasKey(ReadOnlySpan<StreamRecord> records)
    {
        if (_options.Key is null)
            return true;
        foreach (ref readonly StreamRecord record in records)
        {
            if (IsOfKey(record))
                return true;
        }
        return false;
    }

    private bool IsOfKey(in StreamRecord record) => _options.Key is null || record.PartitionKey == _options.Key;
}
