using System.Collections.Immutable;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>The files of a function at some time, by their sizes and times of writing; no file was opened.</summary>
public sealed class SourceState
{
    private readonly SortedDictionary<string, Stamp> _files;

    private SourceState(SortedDictionary<string, Stamp> files, bool isCut) => (_files, IsCut) = (files, isCut);

    /// <summary>Files that were looked at.</summary>
    public int FileCount => _files.Count;

    /// <summary>True when there are more files than are looked at: a change of those is not seen.</summary>
    public bool IsCut { get; }

    /// <summary>Full paths of what was written, added or removed up to a later state, in order.</summary>
    public ImmutableArray<string> ChangesTo(SourceState later) =>
        [.. _files.Keys.Union(later._files.Keys).Where(path => _files.GetValueOrDefault(path) != later._files.GetValueOrDefault(path)).Order(StringComparer.Ordinal)];

    /// <summary>This state, but as it was before for the files that were there before.</summary>
    /// <remarks>What a build was made from: what was edited while it ran counts as changed, and inputs that only the build made known do not.</remarks>
    public SourceState SeenBefore(SourceState earlier)
    {
        SortedDictionary<string, Stamp> files = new(_files, StringComparer.Ordinal);
        foreach ((string path, Stamp stamp) in earlier._files)
        {
            if (files.ContainsKey(path))
                files[path] = stamp;
        }
        return new SourceState(files, IsCut);
    }

    internal static SourceState Of(IEnumerable<FileInfo> files, int filesMax)
    {
        SortedDictionary<string, Stamp> stamps = new(StringComparer.Ordinal);
        foreach (FileInfo file in files)
        {
            if (stamps.Count == filesMax)
                return new SourceState(stamps, isCut: true);
            if (file.Exists)
                stamps[file.FullName] = new Stamp(file.Length, file.LastWriteTimeUtc);
        }
        return new SourceState(stamps, isCut: false);
    }

    /// <summary>The default stands for a file that is not there: every file was written at some time.</summary>
    private readonly record struct Stamp(long Length, DateTime WrittenAt);
}
