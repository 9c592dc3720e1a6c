using System.Collections;
using System.Globalization;
using System.Reflection;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Histories;

/// <summary>Everything that a value holds, as text: two values are the same when their texts are, whatever memory they lie in.</summary>
/// <remarks>It goes by reflection, so that a property that is added is compared without a word here.</remarks>
internal static class Whole
{
    public static string TextOf(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        ReadOnlyMemory<StreamRecord> records => TextOf(records.ToArray()),
        StreamRecord record => $"{TextOf(record.SequenceNumber)} {record.KeyHash} {record.ArrivalMilliseconds} {record.EventLength} {Convert.ToHexString(record.Key)} {TextOf(record.Data)}",
        SequenceNumber number => $"{number}.{number.SubSequenceNumber}",
        FilterPattern pattern => pattern.Text,
        IFormattable simple when value is not IEnumerable && value.GetType().Namespace!.StartsWith("System", StringComparison.Ordinal) || value is Enum or Guid or bool => $"{simple}",
        IEnumerable entries => $"[{string.Join(", ", entries.Cast<object?>().Select(TextOf))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", PropertiesOf(value))})",
    };

    private static IEnumerable<string> PropertiesOf(object value) =>
        value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => $"{property.Name}: {TextOf(property.GetValue(value))}");
}
