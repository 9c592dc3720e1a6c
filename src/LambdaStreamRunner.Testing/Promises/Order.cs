using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Testing;

/// <summary>Promises about order per partition key.</summary>
public static class Order
{
    /// <summary>The records of a key reach the handler for the first time in the order in which they were put.</summary>
    public static Promise PerKeyFirstDelivery { get; } = new(
        "Order.PerKeyFirstDelivery",
        "The records of a partition key reach the handler for the first time in the order in which they were put.",
        AwsPages.Kinesis,
        [ViolationKind.FirstDeliveryOutOfOrder, ViolationKind.BatchOutOfOrder]);

    /// <summary>A key is in one running batch at a time.</summary>
    public static Promise NoKeyInTwoBatches { get; } = new(
        "Order.NoKeyInTwoBatches",
        "A partition key is in one running batch at a time, however many run in parallel.",
        AwsPages.Kinesis,
        [ViolationKind.KeyInTwoBatches]);

    /// <summary>No record is delivered while an earlier one of its key is unsettled elsewhere.</summary>
    public static Promise NoOvertaking { get; } = new(
        "Order.NoOvertaking",
        "No record is delivered while an earlier one of its partition key is unsettled, unless that comes before it in the same batch.",
        AwsPages.Kinesis,
        [ViolationKind.OvertookUnsettled]);

    /// <summary>After a failure exactly what is left of the batch comes again.</summary>
    public static Promise Redelivery { get; } = new(
        "Order.Redelivery",
        "After a failure exactly the records from the first unsettled one on are tried again, under the same request id when they are the same.",
        AwsPages.PartialResponses,
        [ViolationKind.RemainderBroken, ViolationKind.RetryMislabelled]);

    /// <summary>A child shard begins when its parents are done.</summary>
    public static Promise ParentsBeforeChildren { get; } = new(
        "Order.ParentsBeforeChildren",
        "After a reshard a shard begins when every record of the shards that it continues is settled.",
        AwsPages.Resharding,
        [ViolationKind.ChildBeforeParent]);

    /// <summary>The handler does what it does in the order of the records of each key, and waits for it.</summary>
    public static Promise Effects { get; } = new(
        "Order.Effects",
        "The handler's effects come in the order of the records of each partition key, one for every record that succeeded, and before the invocation ends.",
        AwsPages.Kinesis,
        [ViolationKind.EffectOutsideInvocation, ViolationKind.EffectOutOfOrder, ViolationKind.EffectUnexplained, ViolationKind.EffectMissing]);

    /// <summary>All of these.</summary>
    public static ImmutableArray<Promise> All { get; } =
        [PerKeyFirstDelivery, NoKeyInTwoBatches, NoOvertaking, Redelivery, ParentsBeforeChildren, Effects];
}
