namespace LambdaStreamRunner.Host.Producing;

/// <summary>What a producer has done so far.</summary>
/// <param name="Put">Records that the endpoint has acknowledged.</param>
/// <param name="KinesisRecords">What they are on the stream: fewer when they were aggregated.</param>
/// <param name="Requests">PutRecords made, repeated ones included.</param>
/// <param name="Retried">Records that were not put by a request, and sent again: each time counts.</param>
/// <param name="MayBeTwice">Records that were sent again although the endpoint may have put them before it failed: each time counts.</param>
internal readonly record struct ProducerCounts(long Put, long KinesisRecords, long Requests, long Retried, long MayBeTwice);
