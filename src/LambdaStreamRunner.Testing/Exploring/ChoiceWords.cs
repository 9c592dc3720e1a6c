using System.Globalization;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>Choices of a schedule in words.</summary>
internal static class ChoiceWords
{
    /// <summary>One choice that is not plain.</summary>
    public static string Of(Choice choice, int value, TestWorld world) => choice.Kind switch
    {
        ChoiceKind.Tie => "two things due at the same time change places",
        ChoiceKind.Lane => "a key gets another lane",
        ChoiceKind.Environment => $"another execution environment for {Subject(choice, world)}",
        ChoiceKind.HandlerLatency => string.Create(CultureInfo.InvariantCulture, $"the invocation of {Subject(choice, world)} takes {value + world.Scenario.Faults.HandlerMillisecondsMin} ms{Time(choice.Occasion)}"),
        ChoiceKind.HandlerThrows when choice.Subject < 0 => "after its work",
        ChoiceKind.HandlerThrows => $"the invocation of {Subject(choice, world)} throws{Time(choice.Occasion)}",
        ChoiceKind.HandlerTimesOut => $"the invocation of {Subject(choice, world)} times out{Time(choice.Occasion)}",
        ChoiceKind.Throttle => $"the invocation of {Subject(choice, world)} is throttled{Time(choice.Occasion)}",
        ChoiceKind.FalseReport when choice.Subject < 0 => string.Create(CultureInfo.InvariantCulture, $"at place {value}"),
        ChoiceKind.FalseReport => $"the answer for {Subject(choice, world)} names a record that did not fail",
        ChoiceKind.EffectLatency => string.Create(CultureInfo.InvariantCulture, $"the effect {world.Ledger.Describe(choice.Subject)} takes {value} ms{Time(choice.Occasion)}"),
        ChoiceKind.EffectFails => $"the effect {world.Ledger.Describe(choice.Subject)} fails{Time(choice.Occasion)}",
        ChoiceKind.EffectRace => "threads change places",
        ChoiceKind.Crash when choice.Occasion == 1 => (CrashMoment)value is CrashMoment.BeforeNextCheckpoint ? "it waits for the next checkpoint, and strikes before that is stored" : "it waits for the next checkpoint, and strikes when that is stored",
        ChoiceKind.Crash => string.Create(CultureInfo.InvariantCulture, $"crash at {(value - 1) / 1_000.0:0.###} s"),
        ChoiceKind.Restart => string.Create(CultureInfo.InvariantCulture, $"restart after {value} ms"),
        ChoiceKind.Reshard when choice.Occasion == 0 => string.Create(CultureInfo.InvariantCulture, $"reshard at {(value - 1) / 1_000.0:0.###} s"),
        ChoiceKind.Reshard => choice.Occasion == 2 ? "a merge" : string.Create(CultureInfo.InvariantCulture, $"shard {value} of those open"),
        ChoiceKind.ClockLeap when choice.Occasion == 0 => string.Create(CultureInfo.InvariantCulture, $"the clock leaps at {(value - 1) / 1_000.0:0.###} s"),
        ChoiceKind.ClockLeap => string.Create(CultureInfo.InvariantCulture, $"by {value} ms"),
        ChoiceKind.ReadThrottled => string.Create(CultureInfo.InvariantCulture, $"read {choice.Occasion} is throttled"),
        ChoiceKind.IteratorExpired => string.Create(CultureInfo.InvariantCulture, $"read {choice.Occasion} finds its iterator expired"),
        ChoiceKind.PutTwice when choice.Occasion == 1 => string.Create(CultureInfo.InvariantCulture, $"again after {value} ms"),
        ChoiceKind.PutTwice => $"{Subject(choice, world)} is put twice",
        ChoiceKind.CheckpointLatency => string.Create(CultureInfo.InvariantCulture, $"checkpoint {choice.Occasion} takes {value} ms"),
        ChoiceKind.DestinationRefuses => $"the destination refuses the batch of {Subject(choice, world)}",
        ChoiceKind.DestinationLatency => string.Create(CultureInfo.InvariantCulture, $"the destination takes {value} ms for the batch of {Subject(choice, world)}{Time(choice.Occasion)}"),
        ChoiceKind.MappingReady => string.Create(CultureInfo.InvariantCulture, $"the mapping reads from {value} ms on"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{choice} = {value}"),
    };

    private static string Subject(Choice choice, TestWorld world) =>
        world.Scenario.Records.FirstOrDefault(record => record.Id == choice.Subject)?.Label ?? "the end of a window";

    private static string Time(long occasion) => occasion == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" the {occasion}{(occasion == 2 ? "nd" : occasion == 3 ? "rd" : "th")} time");
}
