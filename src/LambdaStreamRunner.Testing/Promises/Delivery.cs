using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Testing;

/// <summary>Promises about what becomes of every record.</summary>
public static class Delivery
{
    /// <summary>Every record succeeds, is filtered, or is discarded to a destination that has it.</summary>
    public static Promise NothingLost { get; } = new(
        "Delivery.NothingLost",
        "Every record succeeds, is filtered out because no filter matches it, or is discarded to an on-failure destination that gets it.",
        AwsPages.Mappings,
        [
            ViolationKind.Lost, ViolationKind.LeftRetention, ViolationKind.DiscardedWithoutDestination, ViolationKind.DiscardUndelivered,
            ViolationKind.FilteredWrongly,
        ]);

    /// <summary>What is settled is not delivered again, save after a restart.</summary>
    public static Promise OnceWithoutFailures { get; } = new(
        "Delivery.OnceWithoutFailures",
        "A record that is settled is not delivered again, save after a restart: without failures every record is delivered once.",
        AwsPages.Mappings,
        [ViolationKind.RedeliveredSettled, ViolationKind.SettledTwice]);

    /// <summary>Records are given up when retries or age say so, and exactly those.</summary>
    public static Promise LegalDiscards { get; } = new(
        "Delivery.LegalDiscards",
        "Exactly the records whose retries are spent, or whose age is reached, are discarded, and none of them is tried again.",
        AwsPages.OnFailure,
        [
            ViolationKind.DiscardedTooYoung, ViolationKind.DiscardedWithRetriesLeft, ViolationKind.DiscardedOtherRecords, ViolationKind.DiscardMiscounted,
            ViolationKind.RetriedTooOften,
        ]);

    /// <summary>Once nothing goes wrong any more, everything is settled in time.</summary>
    public static Promise Settles { get; } = new(
        "Delivery.Settles",
        "Once faults have ended and the last record was put, everything is settled within the time that the test allows.",
        AwsPages.Kinesis,
        [ViolationKind.SettledTooLate]);

    /// <summary>The handler's effects are made once, however often a record is delivered.</summary>
    public static Promise EffectsExactlyOnce { get; } = new(
        "Delivery.EffectsExactlyOnce",
        "The effect of a record is made once, however often the record is delivered: the handler is idempotent.",
        AwsPages.Mappings,
        [ViolationKind.EffectRepeated]);

    /// <summary>All of these.</summary>
    public static ImmutableArray<Promise> All { get; } = [NothingLost, OnceWithoutFailures, LegalDiscards, Settles, EffectsExactlyOnce];
}
