using System.Collections.Immutable;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>What is in a history file: the journal of a run, or what the testing library wrote about a test.</summary>
public sealed record History
{
    /// <summary>What it is a history of, for people: a test, a configuration; null when nobody said.</summary>
    public string? Title { get; init; }

    /// <summary>The seed that gives this history again; null for a run in real time, which no seed repeats.</summary>
    public long? Seed { get; init; }

    /// <summary>What happened, mapping by mapping.</summary>
    public ImmutableArray<MappingHistory> Mappings { get; init; } = [];

    /// <summary>What the testing library needs to make this history again: JSON of its own; null in the journal of a run.</summary>
    public ReadOnlyMemory<byte>? Test { get; init; }

    /// <summary>True when the last line is cut off: its process was killed while it wrote.</summary>
    public bool IsTorn { get; init; }

    /// <summary>What is odd about the file and stops nobody, for people: members that a newer version wrote and this one passes over.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}

/// <summary>What happened to one mapping.</summary>
/// <param name="Mapping">Its settings at the beginning.</param>
/// <param name="Steps">What happened, in order.</param>
public sealed record MappingHistory(HistoryMapping Mapping, IReadOnlyList<HistoryStep> Steps)
{
    /// <summary>Settings that replaced those at the beginning, in order; none by default.</summary>
    public ImmutableArray<SettingsChange> Changes { get; init; } = [];

    /// <summary>What whoever wrote the history found broken: a test knows promises that the steps alone do not show. None by default.</summary>
    public ImmutableArray<HistoryFinding> Findings { get; init; } = [];
}

/// <summary>A promise that was found broken when the history was written.</summary>
/// <param name="Promise">Which one, in a few words.</param>
/// <param name="Message">What happened.</param>
/// <param name="StepIndex">The step that showed it, from 0; null when the end of the history did.</param>
/// <param name="Page">The page that promises it; null for none.</param>
public sealed record HistoryFinding(string Promise, string Message, int? StepIndex = null, Uri? Page = null);

/// <summary>A mapping was changed: its machines that begin from here on have other settings.</summary>
/// <param name="StepIndex">The first step after the change.</param>
/// <param name="Mapping">What holds from there on.</param>
public sealed record SettingsChange(int StepIndex, HistoryMapping Mapping);
