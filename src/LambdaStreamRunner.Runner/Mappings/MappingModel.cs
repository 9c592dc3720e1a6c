using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>A mapping at one moment, as the API shows it: replaced whole, never changed.</summary>
/// <param name="Configuration">Its settings, those to come when it is changing.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="LastModified">When somebody last changed it; when this process began, if nobody has.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record MappingModel(
    MappingConfiguration Configuration, MappingState State, DateTimeOffset LastModified, ImmutableSortedDictionary<string, string> Tags)
{
    public static ImmutableSortedDictionary<string, string> NoTags { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>True when it is on its way to nowhere, so that it may be changed.</summary>
    public bool IsAtRest => State is MappingState.Enabled or MappingState.Disabled;

    /// <summary>The state that its settings ask for.</summary>
    public MappingState RestingState => Configuration.IsEnabled ? MappingState.Enabled : MappingState.Disabled;

    /// <summary>What an update with these settings makes of it, first of all.</summary>
    public MappingModel ChangedTo(MappingConfiguration next, DateTimeOffset now)
    {
        MappingState state = (Configuration.IsEnabled, next.IsEnabled) switch
        {
            (false, true) => MappingState.Enabling,
            (true, false) => MappingState.Disabling,
            _ => MappingState.Updating,
        };
        return this with { Configuration = next, State = state, LastModified = now };
    }
}
