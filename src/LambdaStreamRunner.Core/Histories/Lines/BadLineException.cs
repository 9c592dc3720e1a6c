namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>A line of a history cannot be read; the message is the rest of a sentence about it.</summary>
internal sealed class BadLineException(string message) : Exception(message);
