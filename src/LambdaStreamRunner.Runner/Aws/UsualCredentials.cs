using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Credentials for AWS, from the chain that every AWS SDK walks: environment, profile, container, machine.</summary>
/// <param name="chain">Finds them; null: the SDK's chain.</param>
internal sealed class UsualCredentials(Func<Task<AWSCredentials>>? chain = null) : AWSCredentials
{
    private static readonly DefaultAWSCredentialsIdentityResolver Chain = new();

    private AWSCredentials? _chosen;

    /// <inheritdoc/>
    /// <exception cref="AwsException">There are none, or they cannot be had now. Nobody gives this up from outside: whatever ends it early is a time limit of the chain.</exception>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            AWSCredentials chosen = Volatile.Read(ref _chosen) ?? await Task.Run(chain ?? WalkAsync);
            ImmutableCredentials keys = await chosen.GetCredentialsAsync();    // those of the chain renew themselves
            Volatile.Write(ref _chosen, chosen);
            return keys;
        }
#pragma warning disable CA1031 // A profile may name a program, a role or a server: what they fail with has no common type.
        catch (Exception none)
#pragma warning restore CA1031
        {
            // Only the type: the message may quote what a program has printed, and that may be the secret.
            throw new AwsException(
                "NoCredentials",
                $"AWS is to be called, and no credentials for it can be had ({none.GetType().Name}). Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for every AWS SDK; a profile's must not have expired.",
                0);
        }
    }

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    private static async Task<AWSCredentials> WalkAsync() => await Chain.ResolveIdentityAsync(clientConfig: null, CancellationToken.None);
}
