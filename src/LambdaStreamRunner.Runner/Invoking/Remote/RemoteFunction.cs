using System.Globalization;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking.Remote;

/// <summary>A function that runs elsewhere: on AWS, in another emulator, or in a container with a runtime interface emulator.</summary>
/// <remarks>
/// One HTTP request is one invocation: a request whose answer was lost is an attempt, since it may have run. Request ids are
/// made where the function runs, so a retry has another one there. Its logs stay there as well.
/// </remarks>
internal sealed class RemoteFunction : IFunction
{
    /// <summary>How much longer than its Timeout an answer is waited for: an init of 10 s is not part of the Timeout, and the way takes time.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    /// <summary>Largest answer, in bytes: 6 MB.</summary>
    /// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"/>.</remarks>
    public const int AnswerBytesMax = 6_291_456;

    /// <summary>No limit: how many run at a time is bounded by ReservedConcurrentExecutions and the account's ConcurrentExecutions, before an invocation's time begins.</summary>
    private const int ConnectionsMax = int.MaxValue;

    private readonly InvokeAddress _address;
    private readonly AwsClient _client;
    private readonly TimeProvider _time;
    private readonly FunctionListener _listener;

    /// <summary>A version of a function with an Endpoint. Nothing is contacted before the first invocation.</summary>
    /// <param name="function">The function.</param>
    /// <param name="settings">Its version, and how long one invocation may take.</param>
    /// <param name="time">Real time.</param>
    /// <param name="listener">Receives reports; nobody by default.</param>
    /// <param name="handler">null: the network.</param>
    public RemoteFunction(FunctionConfiguration function, FunctionSettings settings, TimeProvider time, FunctionListener? listener = null, HttpMessageHandler? handler = null)
    {
        (Settings, _time, _listener) = (settings, time, listener ?? FunctionListener.Silent);
        _address = InvokeAddress.Of(function, settings.FunctionVersion);
        _client = new AwsClient(_address.Endpoint, time, handler: handler, connectionsMax: ConnectionsMax);
    }

    /// <inheritdoc/>
    public FunctionSettings Settings { get; }

    /// <inheritdoc/>
    public IFunctionLane OpenLane() => new Lane(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    // Its own REPORT line stays where it runs: what is told here is how long the answer took.
    private async Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
    {
        if (_listener.ReportOf(invocation) is not { } report)
            return await InvokeRemotelyAsync(eventJson, invocation, abandon);
        long start = _time.GetTimestamp();
        FunctionResult result = await InvokeRemotelyAsync(eventJson, invocation, abandon);
        if (result is FunctionResult.Refused)
            return result;
        report(new InvocationReport
        {
            FunctionName = Settings.FunctionName,
            RequestId = invocation.RequestId.ToString("D"),
            LogStreamName = Settings.LogStreamName,
            Duration = _time.GetElapsedTime(start),
            MemorySize = Settings.MemorySize,
            Status = InvocationReport.StatusOf(result),
        });
        return result;
    }

    private async Task<FunctionResult> InvokeRemotelyAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
    {
        TimeSpan patience = Settings.Timeout + Margin;
        try
        {
            AwsAnswer answer = await _client.ExchangeAsync(_address.Invoke(eventJson.ToArray()), new AnswerLimits(patience, AnswerBytesMax), abandon);
            return InvokeAnswers.Read(answer, _address);
        }
        catch (AwsException late) when (late.Code == AwsException.NoAnswer)
        {
            return new FunctionResult.TimedOut(string.Create(
                CultureInfo.InvariantCulture,
                $"{_time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {invocation.RequestId:D} Task timed out after {Settings.Timeout.TotalSeconds:0.00} seconds: {_address} has not answered for {patience.TotalSeconds:0} s"));
        }
        catch (AwsException error)
        {
            return InvokeAnswers.Read(error, _address);
        }
    }

    private sealed class Lane(RemoteFunction function) : IFunctionLane
    {
        private int _isBusy;

        /// <summary>None that this process would know of.</summary>
        public int OverlappingCalls => 0;

        public async Task<FunctionResult> InvokeAsync(ReadOnlyMemory<byte> eventJson, FunctionInvocation invocation, CancellationToken abandon)
        {
            if (Interlocked.Exchange(ref _isBusy, 1) == 1)
                throw new InvalidOperationException("A lane makes one call at a time; its earlier call has not ended.");
            try
            {
                return await function.InvokeAsync(eventJson, invocation, abandon);
            }
            finally
            {
                Volatile.Write(ref _isBusy, 0);
            }
        }
    }
}
