using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Credentials from the chain that every AWS SDK walks: environment, profile, container, machine.</summary>
/// <remarks>
/// An emulator takes any: when the chain has none for it, or does not answer soon, requests are signed with made-up ones.
/// The last link of the chain asks the machine over the network, and nobody shall wait for that.
/// </remarks>
/// <param name="mustBeReal">True for AWS itself.</param>
internal sealed class UsualCredentials(bool mustBeReal) : AWSCredentials
{
    /// <summary>Longest wait for the chain when made-up credentials would do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly AWSCredentials MadeUp = new BasicAWSCredentials("local", "local");
    private static readonly DefaultAWSCredentialsIdentityResolver Chain = new();

    private AWSCredentials? _chosen;

    /// <inheritdoc/>
    /// <exception cref="AwsException">AWS is to be called, and there are none.</exception>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        if (Volatile.Read(ref _chosen) is { } chosen)
            return await chosen.GetCredentialsAsync();        // those of the chain renew themselves
        try
        {
            Task<(AWSCredentials, ImmutableCredentials)> asking = Task.Run(AskAsync);
            (AWSCredentials found, ImmutableCredentials keys) = mustBeReal ? await asking : await asking.WaitAsync(Patience, TimeProvider.System);
            _chosen = found;
            return keys;
        }
        catch (Exception none) when (mustBeReal && none is AmazonClientException or HttpRequestException or IOException)
        {
            throw new AwsException(
                "NoCredentials", "AWS is to be called, and there are no credentials for it. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for every AWS SDK.", 0, none);
        }
#pragma warning disable CA1031 // Whatever keeps the chain from answering: an emulator does not look at the credentials.
        catch (Exception) when (!mustBeReal)
#pragma warning restore CA1031
        {
            _chosen = MadeUp;
            return await MadeUp.GetCredentialsAsync();
        }
    }

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    private static async Task<(AWSCredentials, ImmutableCredentials)> AskAsync()
    {
        AWSCredentials found = await Chain.ResolveIdentityAsync(clientConfig: null, CancellationToken.None);
        return (found, await found.GetCredentialsAsync());
    }
}
