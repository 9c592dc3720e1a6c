using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

/// <summary>The same promises written down with plain sets that never forget: slow, and easy to believe.</summary>
internal sealed class NaiveChecker(Func<ulong, string> keyOf)
{
    private readonly Dictionary<int, (ulong Number, bool IsRepeated)[]> _running = [];
    private readonly HashSet<ulong> _reachedInLife = [];
    private readonly HashSet<ulong> _reachedEver = [];
    private readonly HashSet<ulong> _settledInLife = [];
    private readonly HashSet<ulong> _unsettled = [];
    private ulong _checkpoint;

    public List<(ViolationKind Kind, ulong Number)> Violations { get; } = [];

    public void DeliveryStarted(int invocation, ulong[] numbers)
    {
        var delivered = new List<(ulong, bool)>();
        var twice = numbers.GroupBy(keyOf).Where(key => KeysRunning().Contains(key.Key)).Select(key => key.Key).ToHashSet();
        var reported = new HashSet<string>();
        for (int i = 0; i < numbers.Length; i++)
        {
            ulong number = numbers[i];
            string key = keyOf(number);
            if (i > 0 && number <= numbers[i - 1])
                Violations.Add((ViolationKind.BatchOutOfOrder, number));
            if (twice.Contains(key) && reported.Add(key))
                Violations.Add((ViolationKind.KeyInTwoBatches, number));
            ulong before = numbers.Take(i).LastOrDefault(other => keyOf(other) == key);
            if (!twice.Contains(key) && _unsettled.Any(other => keyOf(other) == key && other > before && other < number))
                Violations.Add((ViolationKind.OvertookUnsettled, number));
            delivered.Add((number, !TryDeliver(number)));
        }
        _running[invocation] = [.. delivered];
    }

    public void DeliveryEnded(int invocation, BatchOutcome outcome)
    {
        _running.Remove(invocation, out (ulong Number, bool IsRepeated)[]? delivered);
        int settled = outcome is BatchOutcome.Succeeded ? delivered!.Length : outcome is BatchOutcome.PartlyFailed partly ? partly.LowestFailedIndex : 0;
        foreach ((ulong number, bool isRepeated) in delivered!.Take(settled))
        {
            if (isRepeated)
                continue;
            if (_unsettled.Remove(number))
                _settledInLife.Add(number);
            else
                Violations.Add((ViolationKind.SettledTwice, number));
        }
    }

    public void Discarded(ulong[] numbers)
    {
        foreach (ulong number in numbers)
        {
            bool isSettled = _settledInLife.Contains(number) || number < _checkpoint;
            if (!_unsettled.Remove(number) && isSettled)
            {
                Violations.Add((ViolationKind.SettledTwice, number));
                continue;
            }
            _settledInLife.Add(number);
            Reach(number);
        }
    }

    public void CheckpointSaved(ulong position)
    {
        if (position < _checkpoint)
        {
            Violations.Add((ViolationKind.CheckpointMovedBack, position));
            return;
        }
        ulong[] passed = [.. _unsettled.Where(number => number >= _checkpoint && number < position)];
        if (passed.Length > 0)
            Violations.Add((ViolationKind.CheckpointPastUnsettled, passed.Min()));
        _checkpoint = position;
    }

    public void Restarted(ulong position)
    {
        CheckpointSaved(position);
        _checkpoint = position;
        _reachedInLife.Clear();
        _settledInLife.Clear();
        _running.Clear();
    }

    public void Finish(IEnumerable<ulong> expected) =>
        Violations.AddRange(expected.Where(IsLost).Select(number => (ViolationKind.Lost, number)));

    private bool IsLost(ulong number)
    {
        bool passedOrReached = number < _checkpoint || _reachedEver.Any(other => keyOf(other) == keyOf(number) && other >= number);
        return _unsettled.Contains(number) || !passedOrReached;
    }

    private bool TryDeliver(ulong number)
    {
        if (_unsettled.Contains(number))
        {
            Reach(number);
            return true;
        }
        if (number < _checkpoint || _settledInLife.Contains(number))
        {
            Violations.Add((ViolationKind.RedeliveredSettled, number));
            return false;
        }
        if (_reachedInLife.Any(other => keyOf(other) == keyOf(number) && other > number))
            Violations.Add((ViolationKind.FirstDeliveryOutOfOrder, number));
        _unsettled.Add(number);
        Reach(number);
        return true;
    }

    private void Reach(ulong number)
    {
        _reachedInLife.Add(number);
        _reachedEver.Add(number);
    }

    private IEnumerable<string> KeysRunning() => _running.Values.SelectMany(delivered => delivered).Select(record => keyOf(record.Number));
}
