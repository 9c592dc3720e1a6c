using Amazon.Lambda.Core;
using Amazon.Lambda.Serialization.SystemTextJson;

[assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>A bug, and the same without it.</summary>
/// <param name="Name">The bug.</param>
/// <param name="Breaks">The name of the promise that it breaks.</param>
/// <param name="Buggy">A test that must find it.</param>
/// <param name="Correct">A test that must pass, whatever the schedule.</param>
public sealed record Exhibit(string Name, string Breaks, Func<StreamTest> Buggy, Func<StreamTest> Correct)
{
    /// <summary>Records of one exploration.</summary>
    public const int RecordsMax = 50;

    /// <summary>Fifty records of ten orders, a few of which are busy, within a few seconds.</summary>
    public static Records Orders { get; } = Records.Zipf(keys: 10, count: RecordsMax, perSecond: 20);

    /// <summary>Whatever can go wrong without being a handler's fault.</summary>
    public static FaultPlan HarshFaults { get; } = Faults.HandlerLatency(1, 2_000).HandlerThrows(0.05).HandlerTimesOut(0.02).Throttles(0.05)
        .EffectLatency(50).EffectFails(0.03)
        .RunnerCrash(times: 2).Reshard(times: 2).ClockJump(times: 1)
        .ReadThrottling(0.05).ExpiredIterators(0.05).CheckpointLatency(500).DestinationRefuses(0);

    /// <summary>Schedules that the correct handler must pass in every run of the tests; a long run asks for more.</summary>
    public int Schedules { get; init; } = 300;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
