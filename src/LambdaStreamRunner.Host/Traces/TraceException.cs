namespace LambdaStreamRunner.Host.Traces;

/// <summary>A trace that cannot be used, with every reason that was found.</summary>
internal sealed class TraceException(IReadOnlyList<string> mistakes) : Exception(string.Join(Environment.NewLine, mistakes))
{
    public TraceException(string mistake)
        : this([mistake])
    {
    }

    public IReadOnlyList<string> Mistakes => mistakes;
}
