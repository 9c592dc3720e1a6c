namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What a handler answers.</summary>
public class InvocationResponse(Stream outputStream, bool disposeOutputStream)
{
    public InvocationResponse(Stream outputStream)
        : this(outputStream, true)
    {
    }

    /// <summary>The answer from its position on; null for none.</summary>
    public Stream OutputStream { get; set; } = outputStream;

    /// <summary>True when the stream is disposed of once it has been sent.</summary>
    public bool DisposeOutputStream { get; } = disposeOutputStream;
}
