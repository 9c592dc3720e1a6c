namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>The ways in which the promises of a mapping, or of a handler, can be broken.</summary>
/// <remarks>
/// <see cref="ShardChecker"/> watches the first of them live, up to <see cref="Lost"/>; <see cref="HistoryChecker"/> finds all.
/// </remarks>
public enum ViolationKind
{
    /// <summary>The numbers within one batch do not strictly increase.</summary>
    BatchOutOfOrder,

    /// <summary>A batch has more records than BatchSize.</summary>
    BatchTooLarge,

    /// <summary>A key is in two batches that run at the same time.</summary>
    KeyInTwoBatches,

    /// <summary>A record was delivered for the first time after a later record of its key.</summary>
    FirstDeliveryOutOfOrder,

    /// <summary>A record was delivered while an earlier one of its key was unsettled and not in the same batch before it.</summary>
    OvertookUnsettled,

    /// <summary>A record that had succeeded, was filtered or was discarded was delivered again, and no restart explains it.</summary>
    RedeliveredSettled,

    /// <summary>A record was settled a second time: two of succeeded, filtered and discarded, or one of them twice.</summary>
    SettledTwice,

    /// <summary>The checkpoint moved back.</summary>
    CheckpointMovedBack,

    /// <summary>The checkpoint passed a record that was delivered and not settled, or discarded and still on its way.</summary>
    CheckpointPastUnsettled,

    /// <summary>More batches of the shard ran at the same time than ParallelizationFactor allows.</summary>
    TooManyBatches,

    /// <summary>A record was never settled.</summary>
    Lost,

    /// <summary>An invocation had no records and ended no tumbling window, or ended one and had records.</summary>
    BatchWithoutPurpose,

    /// <summary>The event of a batch is larger than the 6 MB of a synchronous invocation.</summary>
    EventTooLarge,

    /// <summary>A batch has a record that is not on its shard.</summary>
    RecordOfElsewhere,

    /// <summary>With tumbling windows: a batch was told no window, or has a record of a later one.</summary>
    RecordOutsideWindow,

    /// <summary>Two invocations of one lane ran at the same time.</summary>
    LaneRanTwice,

    /// <summary>After a failure the lane went on with something else than exactly what was left of the batch.</summary>
    RemainderBroken,

    /// <summary>A retry of identical records had another request id or a wrong number of the attempt, or other records had a used one.</summary>
    RetryMislabelled,

    /// <summary>With BisectBatchOnFunctionError: a failed batch was not followed by its two halves, the first one first.</summary>
    BisectedWrongly,

    /// <summary>A batch was tried once more after its last retry.</summary>
    RetriedTooOften,

    /// <summary>A record was discarded for its age before it had that age.</summary>
    DiscardedTooYoung,

    /// <summary>A batch was discarded before its retries were spent.</summary>
    DiscardedWithRetriesLeft,

    /// <summary>The discarded records are not those that failed, or were still running.</summary>
    DiscardedOtherRecords,

    /// <summary>A discarded batch was told another number of attempts than were made.</summary>
    DiscardMiscounted,

    /// <summary>Records were discarded, and no on-failure destination has them.</summary>
    DiscardedWithoutDestination,

    /// <summary>The on-failure destination never got a discarded batch.</summary>
    DiscardUndelivered,

    /// <summary>A record left the stream's retention before it was settled, without a failure record.</summary>
    LeftRetention,

    /// <summary>A record was filtered out although a filter matches it or there are none, or delivered although none matches it.</summary>
    FilteredWrongly,

    /// <summary>The checkpoint, or a machine that began after another one, passed a record that was neither delivered nor filtered nor discarded.</summary>
    CheckpointPastUnseen,

    /// <summary>A batch was closed before it was full, and before its batching window was over.</summary>
    ClosedTooEarly,

    /// <summary>A lane had nothing to do and records to deliver, and waited longer than its batching window.</summary>
    ClosedTooLate,

    /// <summary>A shard was begun before every record of the shards that it continues was settled.</summary>
    ChildBeforeParent,

    /// <summary>A record was settled later than the promised time after the faults had ended.</summary>
    SettledTooLate,

    /// <summary>The handler had an effect after its invocation had ended: nobody waited for that work.</summary>
    EffectOutsideInvocation,

    /// <summary>The effects of a key were made in another order than its records have.</summary>
    EffectOutOfOrder,

    /// <summary>No record of the invocation explains an effect.</summary>
    EffectUnexplained,

    /// <summary>A record succeeded, and its effect was never made.</summary>
    EffectMissing,

    /// <summary>The effect of a record was made a second time, where it must be made once.</summary>
    EffectRepeated,
}

/// <summary>Questions about kinds of violations.</summary>
public static class ViolationKinds
{
    /// <summary>True when the kind means that the handler saw records, or made their effects, in a wrong order.</summary>
    public static bool IsAboutOrder(this ViolationKind kind) => kind is ViolationKind.BatchOutOfOrder or ViolationKind.KeyInTwoBatches
        or ViolationKind.FirstDeliveryOutOfOrder or ViolationKind.OvertookUnsettled or ViolationKind.ChildBeforeParent
        or ViolationKind.EffectOutOfOrder;
}
