namespace LambdaStreamRunner.Host.Producing;

/// <summary>What became of one PutRecords.</summary>
internal abstract record PutAnswer
{
    private PutAnswer()
    {
    }

    /// <summary>The endpoint says of each entry what became of it, in the order of the request.</summary>
    public sealed record Answered(IReadOnlyList<EntryResult> Results) : PutAnswer;

    /// <summary>Nothing is said of the entries; the whole request is to be made again.</summary>
    /// <param name="Reason">For people.</param>
    /// <param name="MayBePut">True when the endpoint may have put them before it failed: a repetition may put them twice.</param>
    public sealed record Failed(string Reason, bool MayBePut) : PutAnswer;
}

/// <summary>What became of one entry.</summary>
/// <param name="Error">Why it was not put, as "Code: message"; null when it was.</param>
/// <param name="ShardId">Where it was put; null when it was not, or the endpoint does not say.</param>
internal readonly record struct EntryResult(string? Error, string? ShardId)
{
    public bool IsPut => Error is null;
}
