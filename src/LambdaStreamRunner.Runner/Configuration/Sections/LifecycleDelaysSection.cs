using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>LifecycleDelays</c>, which AWS has no name for.</summary>
internal static class LifecycleDelaysSection
{
    public static readonly SectionNames Names = new("LifecycleDelays", [.. new LifecycleDelays().Named.Select(delay => delay.Name)], []);

    public static LifecycleDelays Read(JsonValue.Object? at, Reading reading)
    {
        if (at is null)
            return new LifecycleDelays();
        var section = new Section(at, Names, reading.Problems);
        return new LifecycleDelays
        {
            Creating = Seconds("CreatingInSeconds"),
            Updating = Seconds("UpdatingInSeconds"),
            Deleting = Seconds("DeletingInSeconds"),
            ConsumerCreating = Seconds("ConsumerCreatingInSeconds"),
            MappingChanging = Seconds("MappingChangingInSeconds"),
        };

        TimeSpan Seconds(string name) => TimeSpan.FromSeconds(section.Decimal(name, otherwise: 0, min: 0, max: LifecycleDelays.SecondsMax));
    }
}
