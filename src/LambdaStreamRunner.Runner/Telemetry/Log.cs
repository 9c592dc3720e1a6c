using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>Everything that the runner logs, one line each. Ids: 1xxx polling, 2xxx invoking, 3xxx destinations, 4xxx server.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "{Mapping}: started on {ShardCount} shards.")]
    public static partial void MappingStarted(this ILogger logger, string mapping, int shardCount);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "{Mapping}: stopped.")]
    public static partial void MappingStopped(this ILogger logger, string mapping);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "{Mapping}: somebody debugs, so records are not discarded for their age.")]
    public static partial void AgeNotEnforced(this ILogger logger, string mapping);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "{Mapping}: abandoned with invocations in flight.")]
    public static partial void MappingAbandoned(this ILogger logger, string mapping);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "{Mapping}: ended by a fault of the runner, not of the function.")]
    public static partial void MappingFailed(this ILogger logger, string mapping, Exception fault);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Warning, Message = "{Mapping}: PROBLEM: {Problem}; the mapping goes on when it is over.")]
    public static partial void MappingHasProblem(this ILogger logger, string mapping, string problem);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Warning, Message = "{Mapping}: the problem is over; a new stream is read from the starting position.")]
    public static partial void MappingRecovered(this ILogger logger, string mapping);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Error, Message = "{Mapping}: not polled as it should be. {Reason}")]
    public static partial void MappingNotChanged(this ILogger logger, string mapping, string reason);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Debug, Message = "{Mapping} {ShardId}: reading {Position}.")]
    public static partial void ShardStarted(this ILogger logger, string mapping, string shardId, string position);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "{Mapping} {ShardId}: the shard has ended and all of it is settled.")]
    public static partial void ShardEnded(this ILogger logger, string mapping, string shardId);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "{Mapping} {ShardId}: the read failed ({Error}); it is tried again.")]
    public static partial void ReadFailed(this ILogger logger, string mapping, string shardId, string error);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "{Mapping}: the look for new shards failed ({Error}); it is tried again.")]
    public static partial void LookFailed(this ILogger logger, string mapping, string error);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning,
        Message = "{Mapping}: the stream has aggregated records, which this mapping gets as they are: {Trouble}. Take a consumer's ARN as source: then they are taken apart.")]
    public static partial void AggregatesFound(this ILogger logger, string mapping, string trouble);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Error, Message = "{Mapping} {ShardId}: the checkpoint was not saved ({Error}); it is tried again.")]
    public static partial void CheckpointNotSaved(this ILogger logger, string mapping, string shardId, string error);

    [LoggerMessage(EventId = 1301, Level = LogLevel.Error, Message = "{Mapping}: a guarantee broke. {Violation}")]
    public static partial void GuaranteeBroken(this ILogger logger, string mapping, string violation);

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "The journal '{Path}' is written more slowly than the run goes on: the run waits for it.")]
    public static partial void JournalIsSlow(this ILogger logger, string path);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Error, Message = "{Problem} The run goes on without it.")]
    public static partial void JournalFailed(this ILogger logger, string problem);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "{Mapping} {ShardId}: batch of {RecordCount} from {FirstSequenceNumber} failed at attempt {Attempt} ({Error}).")]
    public static partial void BatchFailed(
        this ILogger logger, string mapping, string shardId, int recordCount, string firstSequenceNumber, int attempt, string error);

    [LoggerMessage(EventId = 2104, Level = LogLevel.Information,
        Message = "{Mapping} {ShardId}: batch of {RecordCount} from {FirstSequenceNumber} reported a failure at record {LowestFailedIndex}.")]
    public static partial void BatchPartlyFailed(
        this ILogger logger, string mapping, string shardId, int recordCount, string firstSequenceNumber, int lowestFailedIndex);

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning,
        Message = "{Mapping} {ShardId}: batch of {RecordCount} from {FirstSequenceNumber} was not taken, which is no attempt ({Reason}).")]
    public static partial void BatchThrottled(
        this ILogger logger, string mapping, string shardId, int recordCount, string firstSequenceNumber, string reason);

    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "{Function} {RequestId} {FunctionLevel} {Text}")]
    public static partial void FunctionSaid(this ILogger logger, string function, string requestId, string functionLevel, string text);

    [LoggerMessage(EventId = 2303, Level = LogLevel.Information, Message = "{Notice}")]
    public static partial void FunctionNotice(this ILogger logger, string notice);

    [LoggerMessage(EventId = 2304, Level = LogLevel.Information, Message = "{Function}: {Report}")]
    public static partial void EnvironmentStarted(this ILogger logger, string function, string report);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void FunctionWarning(this ILogger logger, string warning);

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning,
        Message = "{Mapping} {ShardId}: {RecordCount} record(s) discarded, {Reason}. Their payload can be read again from this shard, AT_SEQUENCE_NUMBER {FirstSequenceNumber} to {LastSequenceNumber}, until retention ends.")]
    public static partial void BatchDiscarded(
        this ILogger logger, string mapping, string shardId, int recordCount, string reason, string firstSequenceNumber, string lastSequenceNumber);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Error,
        Message = "{Mapping} {ShardId}: {RecordCount} discarded records from {FirstSequenceNumber} did not reach {Destination} ({Error}).")]
    public static partial void DiscardLost(
        this ILogger logger, string mapping, string shardId, int recordCount, string firstSequenceNumber, string destination, string error);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "{Complaint} What is discarded before it can is lost.")]
    public static partial void DestinationUnreachable(this ILogger logger, string complaint);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "Lambda API: {Request} failed, by a fault of the runner.")]
    public static partial void LambdaActionFailed(this ILogger logger, string request, Exception fault);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "Listening on {Address}.")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning,
        Message = "{Stream}: kept with {ShardCount} shards; ShardCount {Configured} of the configuration is for a new stream. UpdateShardCount changes it.")]
    public static partial void ShardCountKept(this ILogger logger, string stream, int shardCount, int configured);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Warning,
        Message = "{Stream}: kept with {Name} {Kept}; {Configured} of the configuration is for a new stream. {Action} changes it.")]
    public static partial void StreamSettingKept(this ILogger logger, string stream, string name, string kept, string configured, string action);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Warning, Message = "{Stream}: calls of clients fail on request, by its Faults: {Faults}. Seed {Seed} makes the same happen again.")]
    public static partial void FaultsRehearsed(this ILogger logger, string stream, string faults, int seed);
}
