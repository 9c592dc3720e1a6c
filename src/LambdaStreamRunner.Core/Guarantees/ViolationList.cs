using System.Collections.Immutable;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>Counts every violation and keeps the first ones whole: up to a bound in all, and up to one of each kind.</summary>
internal sealed class ViolationList(int listedMax)
{
    /// <summary>Violations of one kind that are kept, so that none hides the others.</summary>
    public const int ListedOfKindMax = 100;

    private readonly long[] _counts = new long[Enum.GetValues<ViolationKind>().Length];

    /// <summary>Replaced whole, so that other threads may read it.</summary>
    public ImmutableArray<Violation> Listed { get; private set; } = [];

    public long Count { get; private set; }

    public long OrderCount { get; private set; }

    /// <summary>Place of the step that is judged; null when steps are not counted.</summary>
    public int? StepIndex { get; set; }

    /// <summary>Time of that step, or of the end of the history.</summary>
    public DateTimeOffset? Time { get; set; }

    public long CountOf(ViolationKind kind) => _counts[(int)kind];

    /// <summary>False when the next one of this kind is only counted.</summary>
    public bool WillList(ViolationKind kind) => Listed.Length < listedMax && CountOf(kind) < ListedOfKindMax;

    /// <summary>Counts one; true when it is to be listed as well.</summary>
    public bool Counts(ViolationKind kind)
    {
        bool willList = WillList(kind);
        Count++;
        _counts[(int)kind]++;
        if (kind.IsAboutOrder())
            OrderCount++;
        return willList;
    }

    /// <summary>Keeps one that <see cref="Counts"/> said yes to.</summary>
    public void List(ViolationKind kind, string shardId, SequenceNumber number, Guid? requestId, string message) =>
        Listed = Listed.Add(new Violation(kind, number, requestId, $"{shardId}: {message}") { ShardId = shardId, StepIndex = StepIndex, Time = Time });
}
