namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Words joined as people join them.</summary>
internal static class Sentence
{
    /// <summary>"a", "a or b", "a, b or c".</summary>
    public static string Or(IReadOnlyList<string> words) => words.Count < 2
        ? string.Concat(words)
        : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
