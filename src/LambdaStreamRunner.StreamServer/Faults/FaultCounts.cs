namespace LambdaStreamRunner.StreamServer.Faults;

/// <summary>What faults have done to clients.</summary>
/// <param name="Calls">Calls that met them, whether something went wrong or not.</param>
/// <param name="ThrottledCalls">Refused for throughput.</param>
/// <param name="FailedCalls">Answered with status 500.</param>
/// <param name="ExpiredIterators">Told that their iterator has expired.</param>
/// <param name="ThrottledRecords">Of PutRecords: ProvisionedThroughputExceededException.</param>
/// <param name="FailedRecords">Of PutRecords: InternalFailure.</param>
/// <param name="LateAnswers">Answers that were held back.</param>
public sealed record FaultCounts(
    long Calls, long ThrottledCalls, long FailedCalls, long ExpiredIterators, long ThrottledRecords, long FailedRecords, long LateAnswers);
