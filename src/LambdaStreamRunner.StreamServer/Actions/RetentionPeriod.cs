using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What the two actions that change a retention period check alike (Kinesis reference 5).</summary>
internal static class RetentionPeriod
{
    /// <summary>Shortest, in hours.</summary>
    public const int HoursMin = 24;

    /// <summary>Longest, in hours: a year.</summary>
    public const int HoursMax = 8760;

    public static ImmutableArray<Member> Members { get; } =
        [.. Protocol.Members.Stream, new("RetentionPeriodHours", MemberType.Integer) { IsRequired = true }];

    /// <summary>Sets it on the stream that a request names.</summary>
    /// <param name="request">Has the hours.</param>
    /// <param name="service">Has the stream.</param>
    /// <param name="check">Compares what is asked for with what is; throws.</param>
    public static void Change(Arguments request, KinesisService service, Action<EmbeddedStream, int> check)
    {
        EmbeddedStream stream = service.StreamOf(request);
        int hours = request.Integer("RetentionPeriodHours")!.Value;
        if (hours < HoursMin)
            throw KinesisException.InvalidArgument($"Minimum allowed retention period is {HoursMin} hours. Requested retention period ({hours} hours) is too short.");
        if (hours > HoursMax)
            throw KinesisException.InvalidArgument($"Maximum allowed retention period is {HoursMax} hours. Requested retention period ({hours} hours) is too long.");

        stream.Change(settings =>
        {
            stream.RefuseUnlessActive();
            check(stream, hours);
            return settings with { RetentionPeriodHours = hours, ForgottenThrough = stream.Records.ExpiredArrival(service.Streams.Time.GetUtcNow()) };
        });
    }
}
