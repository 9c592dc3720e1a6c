namespace LambdaStreamRunner.Functions;

/// <summary>A function could not be built, loaded or bound. The message is written for its author: what is wrong, what is there, what to do.</summary>
public sealed class FunctionLoadException : Exception
{
    /// <summary>A sentence for the function's author.</summary>
    public FunctionLoadException(string message)
        : base(message)
    {
    }

    /// <summary>A sentence for the function's author, and what the function's own code threw.</summary>
    public FunctionLoadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
