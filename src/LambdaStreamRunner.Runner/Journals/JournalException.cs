namespace LambdaStreamRunner.Runner.Journals;

/// <summary>The journal of a run cannot be begun; nothing was started.</summary>
/// <param name="message">Why, and what to do.</param>
/// <param name="inner">What went wrong underneath.</param>
public sealed class JournalException(string message, Exception? inner = null) : IOException(message, inner);
