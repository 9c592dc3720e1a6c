using Amazon.Runtime;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>The region that every AWS SDK would take: AWS_REGION, or the profile's. The machine is not asked.</summary>
internal static class UsualRegion
{
    /// <summary>Its name; null when there is none.</summary>
    public static string? Name => FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false)?.SystemName;
}
