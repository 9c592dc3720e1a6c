using System.Collections.Immutable;
using System.Net.Sockets;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking.Remote;

/// <summary>Asks the remote functions of a configuration whether they are there. Nothing is invoked, and nothing changes.</summary>
public static class RemoteFunctionCheck
{
    /// <summary>Longest wait for each, all at the same time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int AnswerBytesMax = 1024 * 1024;

    /// <summary>A sentence about each that cannot be invoked, in the order of the configuration.</summary>
    /// <param name="configuration">The configuration; each version that a mapping names is asked for, and $LATEST of a function without one.</param>
    /// <param name="time">Real time.</param>
    /// <param name="cancellation">Gives it up.</param>
    public static async Task<ImmutableArray<string>> UnreachableAsync(RunnerConfiguration configuration, TimeProvider time, CancellationToken cancellation)
    {
        string?[] complaints = await Task.WhenAll(
            configuration.Functions
                .Where(function => function.Hosting is FunctionHosting.Remote)
                .SelectMany(function => VersionsOf(function, configuration).Select(version => ComplaintAsync(function, version, time, cancellation))));
        return [.. complaints.OfType<string>()];
    }

    private static IEnumerable<string> VersionsOf(FunctionConfiguration function, RunnerConfiguration configuration) =>
        configuration.Mappings
            .Where(mapping => mapping.Function.Name == function.Name)
            .Select(mapping => function.VersionOf(mapping.Qualifier)!)
            .DefaultIfEmpty(FunctionConfiguration.Latest)
            .Distinct();

    private static async Task<string?> ComplaintAsync(FunctionConfiguration function, string version, TimeProvider time, CancellationToken cancellation)
    {
        InvokeAddress address = InvokeAddress.Of(function, version);
        string? trouble = address.WrittenPath is null
            ? await DescribeAsync(address, time, cancellation)
            : await ConnectAsync(address.Endpoint.Address, time, cancellation);
        return trouble is null ? null : $"The function {function.Name}{(address.Qualifier is null ? "" : $":{version}")} cannot be invoked at {address}: {trouble}";
    }

    private static async Task<string?> DescribeAsync(InvokeAddress address, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            using var client = new AwsClient(address.Endpoint, time);
            AwsAnswer answer = await client.ExchangeAsync(address.Describe(), new AnswerLimits(Patience, AnswerBytesMax), cancellation);
            if (answer.Status is >= 200 and < 300)
                return null;
            AwsException refusal = AwsErrors.Read(answer.Status, answer.Headers!, answer.Body);
            return KnowsOnlyInvocations(refusal, address) ? null : refusal.Message;
        }
        catch (AwsException unreachable)
        {
            return unreachable.Message;
        }
    }

    // Some emulators have Invoke and nothing else: that they are there is all that can be told.
    private static bool KnowsOnlyInvocations(AwsException refusal, InvokeAddress address) =>
        !address.Endpoint.IsAws && refusal.Status is 404 or 405 or 501 && refusal.Code != "ResourceNotFoundException";

    private static async Task<string?> ConnectAsync(Uri machine, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(machine.DnsSafeHost, machine.Port, either.Token);
            return null;
        }
        catch (SocketException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{machine} has not answered for {Patience.TotalSeconds:0} s.";
        }
    }
}
