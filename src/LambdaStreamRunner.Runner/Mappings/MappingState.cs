namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>Where a mapping is in its life; the names are those of the Lambda API, which knows no Failed.</summary>
internal enum MappingState
{
    /// <summary>Made, and not yet polled.</summary>
    Creating,

    /// <summary>On its way from Disabled to Enabled.</summary>
    Enabling,

    /// <summary>Polled.</summary>
    Enabled,

    /// <summary>On its way to Disabled: invocations that were in flight end, and count.</summary>
    Disabling,

    /// <summary>Not polled; it goes on after the last processed record when it is enabled.</summary>
    Disabled,

    /// <summary>Settings are changed: invocations that were in flight end, by the old ones.</summary>
    Updating,

    /// <summary>On its way out.</summary>
    Deleting,
}
