using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Telemetry;

/// <summary>How the summary is written: names in camel case, polling as on the command line, the arrow of a name unescaped.</summary>
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class SummaryJson : JsonSerializerContext
{
    static SummaryJson() => Default = new SummaryJson(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<PollingMode>(JsonNamingPolicy.CamelCase),
            new JsonStringEnumConverter<LanePolicy>(),
        },
    });
}
