using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>A mapping's <c>Runner</c>: what AWS has no name for. It beats the command line.</summary>
internal sealed record RunnerSection(PollingMode Polling)
{
    public static readonly SectionNames Names = new("Runner", ["LanePolicy", "Polling", "TumblingWindowGraceInSeconds", "FiltersMax"], []);

    public LanePolicy LanePolicy { get; private init; } = LanePolicy.HashLanes;

    public TimeSpan TumblingWindowGrace { get; private init; } = TimeSpan.FromSeconds(EventSourceMappingLimits.TumblingWindowGraceSeconds);

    /// <summary>The account's quota of filters for a mapping.</summary>
    public int FiltersMax { get; private init; } = FilterCriteria.FiltersMax;

    public static RunnerSection Read(JsonValue.Object? at, Reading reading)
    {
        var unsaid = new RunnerSection(reading.Overrides.Polling ?? PollingMode.Eager);
        if (at is null)
            return unsaid;

        var section = new Section(at, Names, reading.Problems);
        LanePolicy? lanePolicy = section.Choice(
            "LanePolicy", (nameof(LanePolicy.HashLanes), LanePolicy.HashLanes), (nameof(LanePolicy.DynamicKeys), LanePolicy.DynamicKeys));
        PollingMode? polling = section.Choice("Polling", ("eager", PollingMode.Eager), ("aws", PollingMode.Aws));
        int grace = section.Integer(
            "TumblingWindowGraceInSeconds", EventSourceMappingLimits.TumblingWindowGraceSeconds, 0, EventSourceMappingLimits.TumblingWindowGraceSecondsMax);
        return new RunnerSection(polling ?? unsaid.Polling)
        {
            LanePolicy = lanePolicy ?? unsaid.LanePolicy,
            TumblingWindowGrace = TimeSpan.FromSeconds(grace),
            FiltersMax = section.Integer("FiltersMax", FilterCriteria.FiltersMax, FilterCriteria.FiltersMax, FilterCriteria.FiltersQuotaMax),
        };
    }
}
