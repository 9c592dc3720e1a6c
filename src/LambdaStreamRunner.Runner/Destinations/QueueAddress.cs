using System.Text.Json;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Destinations;

/// <summary>The URL by which a queue is called in requests. Its ARN says it on AWS; other servers have URLs of their own and are asked once.</summary>
internal sealed class QueueAddress(OnFailureDestination.Queue queue, AwsEndpoint endpoint, RemoteDeliveries deliveries)
{
    private string? _url = endpoint.IsAws ? $"{endpoint.Address.AbsoluteUri.TrimEnd('/')}/{queue.AccountId}/{queue.Name}" : null;

    /// <summary>The URL.</summary>
    /// <exception cref="IOException">The server knows no such queue, or does not answer in time.</exception>
    public async ValueTask<string> FindAsync(TimeSpan patience, CancellationToken abandon) => _url ??= await AskAsync(patience, abandon);

    /// <summary>A call of SQS, whose JSON has a version of its own.</summary>
    public static AwsRequest Call(string action, object body)
    {
        AwsRequest request = AwsRequest.Json($"AmazonSQS.{action}", JsonSerializer.SerializeToUtf8Bytes(body));
        return request with { Headers = request.Headers.SetItem(0, new("Content-Type", "application/x-amz-json-1.0")) };
    }

    private async Task<string> AskAsync(TimeSpan patience, CancellationToken abandon)
    {
        AwsAnswer answer = await deliveries.DeliverAsync(() => Call("GetQueueUrl", new { QueueName = queue.Name, QueueOwnerAWSAccountId = queue.AccountId }), patience, abandon);
        try
        {
            return JsonSerializer.Deserialize<GetQueueUrlAnswer>(answer.Body)?.QueueUrl ?? throw new IOException($"{endpoint} is no SQS: it does not say where {queue} is.");
        }
        catch (JsonException strange)
        {
            throw new IOException($"{endpoint} is no SQS: {strange.Message}", strange);
        }
    }

    private sealed record GetQueueUrlAnswer(string? QueueUrl);
}
