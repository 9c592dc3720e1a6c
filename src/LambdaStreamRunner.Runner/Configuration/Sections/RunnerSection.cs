using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a mapping's <c>Runner</c>: what AWS has no name for. It beats the command line.</summary>
internal static class RunnerSection
{
    public static readonly SectionNames Names = new("Runner", ["LanePolicy", "Polling"], []);

    public static (LanePolicy LanePolicy, PollingMode Polling) Read(JsonValue.Object? at, Reading reading)
    {
        PollingMode otherwise = reading.Overrides.Polling ?? PollingMode.Eager;
        if (at is null)
            return (LanePolicy.HashLanes, otherwise);

        var section = new Section(at, Names, reading.Problems);
        LanePolicy? lanePolicy = section.Choice(
            "LanePolicy", (nameof(LanePolicy.HashLanes), LanePolicy.HashLanes), (nameof(LanePolicy.DynamicKeys), LanePolicy.DynamicKeys));
        PollingMode? polling = section.Choice("Polling", ("eager", PollingMode.Eager), ("aws", PollingMode.Aws));
        return (lanePolicy ?? LanePolicy.HashLanes, polling ?? otherwise);
    }
}
