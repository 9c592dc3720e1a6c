using Amazon.Runtime;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Credentials for a server that is not AWS: those of the environment's variables, or made-up ones.</summary>
/// <remarks>
/// The chain of the SDKs is never walked for it: that would run programs and ask the machine over the network, and hand what
/// it finds, which is good for AWS, to somebody else over plain HTTP.
/// </remarks>
internal static class EmulatorCredentials
{
    /// <summary>The credentials.</summary>
    /// <value>local and local, unless the environment has both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; AWS_SESSION_TOKEN goes with these.</value>
    /// <param name="variable">Reads a variable of the environment.</param>
    public static AWSCredentials Choose(Func<string, string?> variable)
    {
        string? key = variable("AWS_ACCESS_KEY_ID");
        string? secret = variable("AWS_SECRET_ACCESS_KEY");
        if (string.IsNullOrWhiteSpace(key) || string.IsNullOrWhiteSpace(secret))
            return new BasicAWSCredentials("local", "local");
        return variable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? new SessionAWSCredentials(key, secret, token) : new BasicAWSCredentials(key, secret);
    }
}
