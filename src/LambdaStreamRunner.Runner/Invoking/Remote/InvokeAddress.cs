using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking.Remote;

/// <summary>Where one version of a remote function is invoked.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"/>.</remarks>
/// <param name="Endpoint">Who answers.</param>
/// <param name="FunctionName">The function's name; its ARN where the account is known.</param>
/// <param name="Qualifier">Version or alias; null: $LATEST.</param>
internal sealed record InvokeAddress(AwsEndpoint Endpoint, string FunctionName, string? Qualifier)
{
    private const string Functions = "/2015-03-31/functions";
    private const string Invocations = "/invocations";

    private static readonly string UnknownAccount = new RunnerConfiguration().AccountId;

    /// <summary>The path of an invocation, where the configuration has it written out: a runtime interface emulator, which has one function. Null otherwise.</summary>
    public string? WrittenPath { get; init; }

    /// <summary>The address of a function.</summary>
    /// <param name="function">A function with an Endpoint.</param>
    /// <param name="version">A version or alias.</param>
    public static InvokeAddress Of(FunctionConfiguration function, string version)
    {
        ServiceEndpoint written = function.Endpoint ?? throw new ArgumentException($"The function '{function.Name}' has no Endpoint.", nameof(function));
        string[] arn = function.Arn.Split(':');
        string? qualifier = version == FunctionConfiguration.Latest ? null : version;
        if (written.Url is { } url && url.AbsolutePath.TrimEnd('/').EndsWith(Invocations, StringComparison.Ordinal))
        {
            var machine = new AwsEndpoint("lambda", arn[3], new Uri(url.GetLeftPart(UriPartial.Authority)));
            return new InvokeAddress(machine, function.Name, qualifier) { WrittenPath = Uri.UnescapeDataString(url.AbsolutePath) };
        }
        AwsEndpoint endpoint = AwsEndpoint.Of("lambda", arn[3], written.Url?.AbsoluteUri ?? AwsEndpoint.AwsWord);
        bool isAccountKnown = endpoint.IsAws && arn[4] != UnknownAccount;
        return new InvokeAddress(endpoint, isAccountKnown ? function.Arn : function.Name, qualifier);
    }

    /// <summary>Invokes it, and waits for its answer.</summary>
    /// <param name="eventJson">The event.</param>
    public AwsRequest Invoke(byte[] eventJson) => new("POST", WrittenPath ?? $"{Functions}/{FunctionName}{Invocations}")
    {
        Query = WrittenPath is null ? Query : [],
        Headers = [new("Content-Type", "application/json"), new("X-Amz-Invocation-Type", "RequestResponse"), new("X-Amz-Log-Type", "None")],
        Body = eventJson,
    };

    /// <summary>Asks for its configuration. Nothing runs.</summary>
    public AwsRequest Describe() => new("GET", $"{Functions}/{FunctionName}/configuration") { Query = Query };

    /// <inheritdoc/>
    public override string ToString() => WrittenPath is null ? Endpoint.ToString() : $"{Endpoint.ToString().TrimEnd('/')}{WrittenPath}";

    private System.Collections.Immutable.ImmutableArray<KeyValuePair<string, string>> Query => Qualifier is null ? [] : [new(nameof(Qualifier), Qualifier)];
}
