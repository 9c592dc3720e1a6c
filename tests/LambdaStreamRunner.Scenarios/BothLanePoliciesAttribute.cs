using System.Reflection;
using LambdaStreamRunner.Core.Mappings;
using Xunit.Sdk;
using Xunit.v3;

namespace LambdaStreamRunner.Scenarios;

/// <summary>Runs a theory once per <see cref="LanePolicy"/>: what a scenario promises does not depend on it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothLanePoliciesAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([.. Enum.GetValues<LanePolicy>().Select(policy => new TheoryDataRow(policy))]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
