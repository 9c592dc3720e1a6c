using LambdaStreamRunner.Core.Histories;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Finds whose records are taken from a journal.</summary>
internal static class JournalMapping
{
    /// <summary>The one that is named, or the only one.</summary>
    /// <exception cref="TraceException">There is none, or several.</exception>
    public static MappingHistory Choose(string file, History history, string? name)
    {
        string there = string.Join(", ", history.Mappings.Select(mapping => $"'{mapping.Mapping.Name}'"));
        MappingHistory[] chosen = [.. history.Mappings.Where(mapping => name is null || mapping.Mapping.Name.Equals(name, StringComparison.OrdinalIgnoreCase))];
        return chosen switch
        {
            [var one] => one,
            [] when name is null => throw new TraceException($"{file} is the journal of no mapping."),
            [] => throw new TraceException($"{file} has no mapping '{name}'; there are: {there}."),
            _ => throw new TraceException($"{file} has several mappings; say whose records with --journal-mapping NAME: {there}."),
        };
    }
}
