using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.RunnerApi;

/// <summary>How answers to scripts are written: as the summary is.</summary>
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(WaitAnswer))]
internal sealed partial class RunStateJson : JsonSerializerContext
{
    static RunStateJson() => Default = new RunStateJson(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        MaxDepth = RunnerApi.RunState.Window.StateDepthMax + 24,        // a window's state, and what it lies in
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<PollingMode>(JsonNamingPolicy.CamelCase),
            new JsonStringEnumConverter<LanePolicy>(),
        },
    });
}
