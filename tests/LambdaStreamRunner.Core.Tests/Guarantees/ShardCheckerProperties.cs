using CsCheck;
using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using static LambdaStreamRunner.Core.Tests.Guarantees.CheckedHistory;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class ShardCheckerProperties
{
    private const int RecordCount = 12;
    private const int ViolationsListedMax = 100;

    private static readonly Gen<ulong> SomeNumber = Gen.ULong[1, RecordCount];
    private static readonly Gen<ulong[]> SomeNumbers = SomeNumber.Array[1, 4];

    /// <summary>Mostly well-formed batches, so that histories get beyond their first violation.</summary>
    private static readonly Gen<ulong[]> SomeBatch = Gen.Frequency(
        (4, SomeNumbers.Select(numbers => numbers.Distinct().Order().ToArray())), (1, SomeNumbers));

    private static readonly Gen<Happening> SomeHappening = Gen.Frequency(
        (8, SomeBatch.Select(Happening (numbers) => new Happening.Start(numbers))),
        (8, Gen.Select(Gen.Int[0, 9], Gen.Int[0, 6], Happening (which, how) => new Happening.End(which, how))),
        (1, SomeNumbers.Select(Happening (numbers) => new Happening.Discard(numbers))),
        (2, SomeNumber.Select(Happening (number) => new Happening.Save(number))),
        (1, SomeNumber.Select(Happening (number) => new Happening.Restart(number))));

    [Fact]
    public void Finds_what_a_naive_checker_with_plain_sets_finds() =>
        SomeHappening.Array[1, 40].Sample(
            happenings =>
            {
                (List<(ViolationKind, ulong)> expected, List<(ViolationKind, ulong)> found) = Play(happenings);
                return expected.Take(ViolationsListedMax).SequenceEqual(found);
            },
            print: happenings => string.Join("; ", happenings.Select(happening => happening.ToString())) + DifferenceOf(happenings),
            iter: 5_000);

    private static string DifferenceOf(Happening[] happenings)
    {
        (List<(ViolationKind, ulong)> expected, List<(ViolationKind, ulong)> found) = Play(happenings);
        return $" => naive: {string.Join(' ', expected)}, checker: {string.Join(' ', found)}";
    }

    private static (List<(ViolationKind, ulong)> Expected, List<(ViolationKind, ulong)> Found) Play(Happening[] happenings)
    {
        var naive = new NaiveChecker(KeyOf);
        var checker = new ShardChecker(new ShardPromises());
        List<(int Invocation, int Count)> running = [];
        for (int i = 0; i < happenings.Length; i++)
        {
            switch (happenings[i])
            {
                case Happening.Start start:
                    naive.DeliveryStarted(i, start.Numbers);
                    checker.DeliveryStarted(Id(i), Records(start.Numbers));
                    running.Add((i, start.Numbers.Length));
                    break;
                case Happening.End end when running.Count > 0:
                    (int invocation, int count) = running[end.Which % running.Count];
                    running.RemoveAt(end.Which % running.Count);
                    BatchOutcome outcome = end.OutcomeOf(count);
                    naive.DeliveryEnded(invocation, outcome);
                    checker.DeliveryEnded(Id(invocation), outcome);
                    break;
                case Happening.Discard discard:
                    naive.Discarded(discard.Numbers);
                    checker.Discarded(Records(discard.Numbers));
                    checker.DiscardSettled(Records(discard.Numbers));
                    break;
                case Happening.Save save:
                    naive.CheckpointSaved(save.Number);
                    checker.CheckpointSaved(ShardPosition.At(Number(save.Number)));
                    break;
                case Happening.Restart restart:
                    naive.Restarted(restart.Number);
                    checker.Restarted(ShardPosition.At(Number(restart.Number)));
                    running.Clear();
                    break;
            }
        }
        ulong[] all = [.. Enumerable.Range(1, RecordCount).Select(number => (ulong)number)];
        naive.Finish(all);
        checker.Finish(Records(all));
        return (naive.Violations, [.. checker.Violations.Where(IsNamed).Select(violation => (violation.Kind, violation.SequenceNumber.NumberOf()))]);
    }

    /// <summary>A loss that is known by count alone has no counterpart: the naive checker knows records that were reached, not their sum.</summary>
    private static bool IsNamed(Violation violation) => violation.Kind is not ViolationKind.Lost || violation.SequenceNumber != default;

    private static string KeyOf(ulong number) => ((char)('A' + (number % 3))).ToString();

    private static StreamRecord[] Records(ulong[] numbers) => [.. numbers.Select(number => Record(KeyOf(number), number))];

    /// <summary>One thing in a random history.</summary>
    private abstract record Happening
    {
        public sealed record Start(ulong[] Numbers) : Happening
        {
            public override string ToString() => $"start [{string.Join(' ', Numbers)}]";
        }

        public sealed record End(int Which, int How) : Happening
        {
            public BatchOutcome OutcomeOf(int count) => How switch
            {
                0 => new BatchOutcome.Failed("poison"),
                1 => new BatchOutcome.PartlyFailed(Which % count),
                2 => new BatchOutcome.Throttled("no capacity"),
                _ => BatchOutcome.Succeeded.Instance,
            };
        }

        public sealed record Discard(ulong[] Numbers) : Happening
        {
            public override string ToString() => $"discard [{string.Join(' ', Numbers)}]";
        }

        public sealed record Save(ulong Number) : Happening;

        public sealed record Restart(ulong Number) : Happening;
    }
}

/// <summary>Small numbers back from sequence numbers.</summary>
internal static class SmallNumbers
{
    /// <summary>The value of a number that a test made.</summary>
    public static ulong NumberOf(this SequenceNumber number) => ulong.Parse(number.ToString());
}
