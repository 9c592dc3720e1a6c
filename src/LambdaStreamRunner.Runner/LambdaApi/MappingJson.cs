using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Mappings;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>EventSourceMappingConfiguration, as all actions on mappings answer it (reference 1.5).</summary>
internal static class MappingJson
{
    /// <summary>A mapping as it is, or as it was when a change began.</summary>
    public static void Write(Utf8JsonWriter json, LambdaService service, LiveMapping mapping, MappingModel model)
    {
        MappingConfiguration configuration = model.Configuration;
        json.WriteStartObject();
        json.WriteString("UUID", configuration.Uuid);
        json.WriteString("EventSourceMappingArn", ArnOf(service.Lookup.Configuration, configuration.Uuid));
        json.WriteString("EventSourceArn", configuration.SourceArn);
        json.WriteString("FunctionArn", configuration.FunctionArn);
        foreach (MappingProperty property in MappingProperties.All)
        {
            if (!property.IsShown || property.Write(configuration) is not { } value)
                continue;
            json.WritePropertyName(property.Name);
            value.WriteTo(json);
        }
        json.WriteString("State", model.State.ToString());
        json.WriteString("StateTransitionReason", LambdaTexts.StateTransitionReason);
        json.WriteString("LastProcessingResult", mapping.LastProcessingResult);
        json.WriteNumber("LastModified", model.LastModified.ToUnixTimeMilliseconds() / 1000m);
        json.WriteEndObject();
    }

    /// <summary>The ARN that tags are put on.</summary>
    public static string ArnOf(RunnerConfiguration configuration, Guid uuid) =>
        string.Create(CultureInfo.InvariantCulture, $"arn:aws:lambda:{configuration.Region}:{configuration.AccountId}:event-source-mapping:{uuid:D}");
}
