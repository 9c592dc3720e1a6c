using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>A setting by AWS's names, as the Lambda and the Kinesis API have them; what AWS has no name for is in camel case.</summary>
internal static class SettingJson
{
    public static JsonObject Of(TunedSetting setting)
    {
        JsonObject json = new() { ["ShardCount"] = setting.Shards };
        foreach ((string name, JsonNode? value) in MappingOf(setting.Mapping))
            json[name] = value?.DeepClone();
        json["enhancedFanOut"] = setting.HasEnhancedFanOut;
        json["lanePolicy"] = setting.Mapping.LanePolicy.ToString();
        return json;
    }

    /// <summary>The mapping's part: what CreateEventSourceMapping takes, defaults included.</summary>
    public static JsonObject MappingOf(EventSourceMapping mapping) => new()
    {
        ["BatchSize"] = mapping.BatchSize,
        ["MaximumBatchingWindowInSeconds"] = (int)mapping.MaximumBatchingWindow.TotalSeconds,
        ["ParallelizationFactor"] = mapping.ParallelizationFactor,
        ["BisectBatchOnFunctionError"] = mapping.BisectBatchOnFunctionError,
        ["MaximumRetryAttempts"] = mapping.MaximumRetryAttempts,
        ["MaximumRecordAgeInSeconds"] = (int?)mapping.MaximumRecordAge?.TotalSeconds ?? EventSourceMapping.Unlimited,
        ["FunctionResponseTypes"] = new JsonArray([.. mapping.FunctionResponseTypes.Select(type => JsonValue.Create(type.ToString()))]),
    };
}
