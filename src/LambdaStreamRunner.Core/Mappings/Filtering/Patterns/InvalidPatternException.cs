namespace LambdaStreamRunner.Core.Mappings.Filtering.Patterns;

/// <summary>A text is no filter pattern; the message is the rest of a sentence about it.</summary>
internal sealed class InvalidPatternException(string message) : Exception(message);
