using System.Text;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Core.Mappings.Filtering.Matching;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Filtering;

/// <summary>Records against filters.</summary>
internal static class Filtered
{
    /// <summary>A record with this data.</summary>
    public static StreamRecord RecordOf(string data, string key = "order-17") => StreamRecord.Create(key, Encoding.UTF8.GetBytes(data), Some.Number(1), Some.Time);

    /// <summary>True when the record matches one of the patterns.</summary>
    public static bool Passes(StreamRecord record, params ReadOnlySpan<string> patterns) =>
        new RecordFilter(FilterCriteria.Parse(patterns)).Matches(in record);

    /// <summary>True when a record with this data matches the pattern for it.</summary>
    public static bool DataPasses(string data, string pattern) => Passes(RecordOf(data), $$"""{"data":{{pattern}}}""");
}
