namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>One action of the API; its class has AWS's name.</summary>
/// <param name="method">HTTP method.</param>
/// <param name="path">Path with one part in braces, or none: <c>/2015-03-31/event-source-mappings/{UUID}</c>.</param>
internal abstract class LambdaAction(string method, string path)
{
    private readonly string[] _parts = PartsOf(path);

    /// <summary>AWS's name.</summary>
    public string Name => GetType().Name;

    /// <summary>What AWS's errors call it.</summary>
    public virtual string Operation => Name;

    /// <summary>True when it is this action's request.</summary>
    /// <param name="asked">The request's method.</param>
    /// <param name="parts">Its path.</param>
    /// <param name="subject">The part in braces; empty when there is none.</param>
    public bool Matches(string asked, string[] parts, out string subject)
    {
        subject = "";
        if (asked != method || parts.Length != _parts.Length)
            return false;
        for (int i = 0; i < parts.Length; i++)
        {
            if (_parts[i][0] == '{')
                subject = parts[i];
            else if (parts[i] != _parts[i])
                return false;
        }
        return true;
    }

    public abstract Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service);

    /// <summary>The parts of a path; older SDKs put a slash at its end.</summary>
    public static string[] PartsOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
