namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>One thing to say about a configuration: where it is, what is wrong, what is allowed, what to do.</summary>
/// <param name="Path">Where, as <c>EventSourceMappings[0].BatchSize</c>; empty for the file as a whole.</param>
/// <param name="Line">Line of the file, from 1; null when the file could not be read at all.</param>
/// <param name="Text">The rest of the sentence that begins with the path: "is 0; AWS takes 1 to 10000."</param>
public sealed record ConfigurationProblem(string Path, int? Line, string Text)
{
    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        string sentence = Path.Length == 0 ? Text : $"{Path} {Text}";
        return Line is int line ? $"line {line}: {sentence}" : sentence;
    }
}
