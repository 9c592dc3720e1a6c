using System.Text.Json;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>The two names of AWS that no rule gives; all others go to another policy, or stay as they are.</summary>
public class AwsNamingPolicy : JsonNamingPolicy
{
    private readonly JsonNamingPolicy _fallbackNamingPolicy;

    public AwsNamingPolicy()
    {
    }

    public AwsNamingPolicy(JsonNamingPolicy fallbackNamingPolicy) => _fallbackNamingPolicy = fallbackNamingPolicy;

    /// <inheritdoc/>
    public override string ConvertName(string name) => name switch
    {
        "XAmzId2" => "x-amz-id-2",
        "XAmzRequestId" => "x-amz-request-id",
        _ => _fallbackNamingPolicy?.ConvertName(name) ?? name,
    };
}
