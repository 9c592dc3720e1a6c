using Amazon.Runtime;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Destinations;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Aws;

public sealed class UsualCredentialsTests
{
    private static readonly OnFailureDestination.Queue Queue = new("arn:aws:sqs:eu-west-1:111122223333:failed", ServiceEndpoint.Aws);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Exception> Failures => [new ProcessAWSCredentialException("printed: a secret"), new TaskCanceledException("a secret"), new InvalidOperationException("a secret")];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_chain_that_fails_in_whatever_way_is_an_error_of_credentials_that_quotes_nothing(Exception failure)
    {
        var credentials = new UsualCredentials(() => throw failure);

        AwsException error = await Assert.ThrowsAsync<AwsException>(credentials.GetCredentialsAsync);

        Assert.Equal(("NoCredentials", false), (error.Code, error.IsTransient));
        Assert.Contains(failure.GetType().Name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Credentials_that_could_be_had_and_cannot_be_renewed_are_the_same(Exception failure)
    {
        var expiring = new ExpiringCredentials(failure);
        var credentials = new UsualCredentials(() => Task.FromResult<AWSCredentials>(expiring));
        Assert.Equal("key", (await credentials.GetCredentialsAsync()).AccessKey);

        AwsException error = await Assert.ThrowsAsync<AwsException>(credentials.GetCredentialsAsync);

        Assert.Equal("NoCredentials", error.Code);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_destination_without_credentials_is_complained_about(Exception failure)
    {
        using var destinations = new OnFailureDestinations("eu-west-1", TimeProvider.System, new UsualCredentials(() => throw failure), () => new ScriptedService());

        Assert.Contains("NoCredentials", await ComplaintAsync(destinations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_else_keeps_a_destination_from_being_asked_is_complained_about()
    {
        using var destinations = new OnFailureDestinations("eu-west-1", TimeProvider.System, new BasicAWSCredentials("key", "secret"), () => throw new InvalidOperationException("strange"));

        Assert.EndsWith("strange", await ComplaintAsync(destinations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_never_come_are_no_cancellation_to_the_caller()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var silent = new UsualCredentials(() =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<AWSCredentials>().Task;
        });
        using var service = new ScriptedService();
        using var client = new AwsClient(AwsEndpoint.Of("sqs", "eu-west-1", AwsEndpoint.AwsWord), time, silent, service);
        Task call = client.SendAsync(new AwsRequest("GET"), Cancellation);
        await asked.Task.WaitAsync(Cancellation);

        time.Advance(AwsClient.AnswerTimeout);

        Assert.Equal("NoCredentials", (await Assert.ThrowsAsync<AwsException>(() => call)).Code);
    }

    private static async Task<string> ComplaintAsync(OnFailureDestinations destinations)
    {
        var mapping = new MappingConfiguration
        {
            Settings = new() { EventSourceArn = "arn:stream" },
            Stream = new("orders", "arn:stream", 1),
            Function = new() { Name = "orders", Arn = "arn:function", CodeUri = "", Handler = "" },
            OnFailure = Queue,
        };
        return Assert.Single(await DestinationCheck.UnreachableAsync(destinations, [mapping], Cancellation));
    }

    private sealed class ExpiringCredentials(Exception failure) : AWSCredentials
    {
        private int _asked;

        public override ImmutableCredentials GetCredentials() => throw new NotSupportedException();

        public override Task<ImmutableCredentials> GetCredentialsAsync() =>
            Interlocked.Increment(ref _asked) == 1 ? Task.FromResult(new ImmutableCredentials("key", "secret", null)) : Task.FromException<ImmutableCredentials>(failure);
    }
}
