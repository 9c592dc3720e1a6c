namespace LambdaStreamRunner.Host.Reports;

/// <summary>A setting in the words of one tool, to be pasted.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Language">json, yaml, csharp, hcl or shell.</param>
/// <param name="Text">What to paste.</param>
internal sealed record Snippet(string Name, string Language, string Text);
