using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What a mapping's parameters must keep among each other, in the order of reference 1.4. The model's constraints were looked at before.</summary>
/// <param name="request">The body of Create or Update.</param>
internal sealed class MappingRules(JsonElement request)
{
    private const int MaximumRecordAgeSecondsMin = Core.Mappings.EventSourceMappingLimits.MaximumRecordAgeSecondsMin;

    private readonly Arguments _arguments = new(request);

    /// <summary>StartingPosition and its timestamp; only Create has them.</summary>
    /// <exception cref="LambdaException">The first rule that is broken.</exception>
    public void CheckStart(DateTimeOffset now)
    {
        string position = _arguments.Text("StartingPosition") ?? throw LambdaException.InvalidParameter(LambdaTexts.NoStartingPosition);
        bool isTimed = position == "AT_TIMESTAMP";
        bool hasTime = _arguments.Has("StartingPositionTimestamp");
        if (isTimed && !hasTime)
            throw LambdaException.InvalidParameter(LambdaTexts.NoTimestamp);
        if (!isTimed && hasTime)
            throw LambdaException.InvalidParameter(LambdaTexts.TimestampWithoutUse);
        if (hasTime && MappingProperties.TimeOf(request.GetProperty("StartingPositionTimestamp")) is { } time && time > now)
            throw LambdaException.InvalidParameter(LambdaTexts.FutureTimestamp(time.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()));
    }

    /// <summary>What no Kinesis mapping takes.</summary>
    /// <param name="members">The members that the action knows.</param>
    /// <exception cref="LambdaException">The first rule that is broken.</exception>
    public void CheckUse(ImmutableArray<Member> members)
    {
        if (_arguments.Structure("DestinationConfig")?.Structure("OnSuccess")?.Has("Destination") == true)
            throw LambdaException.InvalidParameter(LambdaTexts.OnSuccess);
        foreach (JsonProperty member in request.EnumerateObject())
        {
            if (!IsEmpty(member.Value) && members.All(known => known.Name != member.Name))
                throw LambdaException.InvalidParameter(LambdaTexts.Unsupported(member.Name));
        }
        if (_arguments.Integer("MaximumRecordAgeInSeconds") is >= 0 and < MaximumRecordAgeSecondsMin)
            throw LambdaException.InvalidParameter(LambdaTexts.Age);
    }

    /// <summary>What the parameters must keep among each other, and what is not there yet.</summary>
    /// <param name="before">The mapping as it is; as it would be without this request, when it is new.</param>
    /// <exception cref="LambdaException">The first rule that is broken.</exception>
    public void CheckTogether(MappingConfiguration before)
    {
        CheckTumbling(before);
        CheckFilters();
        CheckDestination(before);
        CheckKeyAndMetrics();
    }

    private void CheckTumbling(MappingConfiguration before)
    {
        int seconds = _arguments.Integer("TumblingWindowInSeconds") ?? (int)before.Settings.TumblingWindow.TotalSeconds;
        int factor = _arguments.Integer("ParallelizationFactor") ?? before.Settings.ParallelizationFactor;
        if (seconds > 0 && factor > 1)
            throw LambdaException.InvalidParameter(LambdaTexts.TumblingWithFactor);
    }

    private void CheckFilters()
    {
        string[] patterns = request.TryGetProperty("FilterCriteria", out JsonElement criteria) ? FilterProperty.PatternsIn(criteria) : [];
        if (patterns.Length > FilterCriteria.FiltersMax)
            throw LambdaException.InvalidParameter(FilterCriteria.TooManyFilters);
        if (Array.Exists(patterns, pattern => !FilterPattern.TryParse(pattern, out _, out _)))
            throw LambdaException.InvalidParameter(FilterPattern.InvalidDefinition);
    }

    private void CheckDestination(MappingConfiguration before)
    {
        if (_arguments.Structure("DestinationConfig")?.Structure("OnFailure")?.Text("Destination") is not { Length: > 0 } destination)
            return;
        if (destination == DestinationProperty.TextOf(before))
            return;
        if (destination.StartsWith(DestinationProperty.FileScheme, StringComparison.Ordinal))
            throw LambdaException.InvalidParameter(LambdaTexts.FileDestination);
        if (OnFailureDestination.TryParse(destination, before.Endpoints, out string? complaint) is null)
            throw LambdaException.InvalidParameter(LambdaTexts.NoDestination(destination, complaint!));
    }

    private void CheckKeyAndMetrics()
    {
        if (_arguments.Text("KMSKeyArn") is { Length: > 0 })
            throw LambdaException.InvalidParameter(LambdaTexts.KeyNotThere);
        string[] metrics = request.TryGetProperty("MetricsConfig", out JsonElement config) ? MetricsProperty.NamesIn(config) : [];
        if (Array.Find(metrics, metric => metric != MetricsProperty.EventCount) is { } other)
            throw LambdaException.InvalidParameter(LambdaTexts.OtherMetrics(other));
    }

    // Some clients write every member that their model has.
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.String => value.ValueEquals(""),
        _ => false,
    };
}
