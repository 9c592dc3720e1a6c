using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Testing;

/// <summary>Refuses settings that CreateEventSourceMapping would refuse.</summary>
internal static class MappingCheck
{
    /// <param name="mapping">The settings.</param>
    /// <param name="start">When the test begins, and the mapping is made.</param>
    /// <exception cref="ArgumentException">AWS would not take them; the message says all that is wrong.</exception>
    public static EventSourceMapping Checked(EventSourceMapping mapping, DateTimeOffset start)
    {
        string[] mistakes = [.. EventSourceMappingRules.MistakesIn(mapping, start).Select(wrong => $"{wrong.Setting} {wrong.Mistake}")];
        return mistakes.Length == 0 ? mapping : throw new ArgumentException(string.Join(' ', mistakes), nameof(mapping));
    }
}
