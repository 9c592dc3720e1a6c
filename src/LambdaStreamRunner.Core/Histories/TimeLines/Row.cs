namespace LambdaStreamRunner.Core.Histories.TimeLines;

/// <summary>One line of a picture: what happened, to what, where, and from when to when.</summary>
internal sealed class Row
{
    public required DateTimeOffset Start { get; init; }

    /// <summary>The end of what takes time; the start for what does not.</summary>
    public DateTimeOffset End { get; set; }

    /// <summary>One word: put, inv 3, save.</summary>
    public required string What { get; init; }

    /// <summary>The records or names that it is about.</summary>
    public string Subject { get; set; } = "";

    /// <summary>Its shard.</summary>
    public required string ShardId { get; init; }

    /// <summary>Its lane; null for what has none.</summary>
    public int? Lane { get; init; }

    /// <summary>The sign at its end.</summary>
    public char Mark { get; set; } = '·';

    /// <summary>What came of it.</summary>
    public string Text { get; set; } = "";

    /// <summary>True for what goes without saying: it is shown only when there is a note about it.</summary>
    public bool IsObvious { get; init; }

    /// <summary>False when the options ask for something else.</summary>
    public bool IsWanted { get; set; } = true;

    public List<string> Notes { get; } = [];
}
