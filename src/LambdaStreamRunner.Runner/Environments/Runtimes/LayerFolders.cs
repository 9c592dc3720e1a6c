using System.Collections.Immutable;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>Folders that stand for the content of /opt, where Lambda unpacks layers one over the other.</summary>
/// <param name="folders">First to last.</param>
internal sealed class LayerFolders(ImmutableArray<string> folders)
{
    /// <summary>Last to first: what a later layer holds hides the same of an earlier one.</summary>
    private readonly ImmutableArray<string> _searched = [.. folders.Reverse()];

    /// <summary>Every folder of these names that there is, in the order in which they are to be searched: name by name, later layers first.</summary>
    /// <param name="relative">Names below /opt.</param>
    public IEnumerable<string> Folders(params IEnumerable<string> relative) =>
        relative.SelectMany(name => _searched.Select(layer => Path.Combine(layer, name))).Where(Directory.Exists);

    /// <summary>The file that would be at /opt/NAME; null when no layer has it.</summary>
    public string? File(string name) => _searched.Select(layer => Path.Combine(layer, name)).FirstOrDefault(System.IO.File.Exists);
}
