using System.Net.Sockets;
using Amazon.Runtime;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Calls one service at one endpoint: signed, bounded, and again when that may help.</summary>
/// <remarks>Marshalling is the caller's. Credentials, region and signature are AWSSDK.Core's.</remarks>
internal sealed class AwsClient : IDisposable
{
    /// <summary>Longest wait for the head of an answer, and for all of an answer that is no stream, unless a call says otherwise.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer: a full GetRecords is 10 MiB in base64, with names and numbers.</summary>
    public const int AnswerBytesMax = 64 * 1024 * 1024;

    /// <summary>Connections at a time unless a client is made with another limit. HTTP/1.1 needs one for every call under way; a subscription holds its own for minutes.</summary>
    public const int ConnectionsMax = 1_000;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(60);

    private readonly HttpMessageInvoker _http;
    private readonly RequestSigner _signer;
    private readonly TimeProvider _time;

    /// <summary>A client for an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="time">Real time: for signatures, pauses and time limits.</param>
    /// <param name="credentials">null: the usual ones for AWS, and <see cref="EmulatorCredentials"/> for others.</param>
    /// <param name="handler">null: the network.</param>
    /// <param name="connectionsMax">Connections at a time. A call that finds none left waits for one, and its time limit runs already.</param>
    public AwsClient(AwsEndpoint endpoint, TimeProvider time, AWSCredentials? credentials = null, HttpMessageHandler? handler = null, int connectionsMax = ConnectionsMax)
    {
        (Endpoint, _time) = (endpoint, time);
        _signer = new RequestSigner(endpoint, credentials ?? CredentialsFor(endpoint), time);
        _http = new HttpMessageInvoker(handler ?? Network(endpoint, connectionsMax));
    }

    /// <summary>The endpoint.</summary>
    public AwsEndpoint Endpoint { get; }

    /// <summary>How often calls are tried.</summary>
    /// <value><see cref="AwsRetryPolicy.Standard"/> by default.</value>
    public AwsRetryPolicy Retries { get; init; } = AwsRetryPolicy.Standard;

    /// <summary>Calls, and reads the whole answer.</summary>
    /// <exception cref="AwsException">The service refuses, or cannot be reached: for good, or as often as <see cref="Retries"/> says.</exception>
    /// <param name="request">The call.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <param name="retries">How often it is tried; null: as the client's other calls.</param>
    public async Task<AwsAnswer> SendAsync(AwsRequest request, CancellationToken cancellation, AwsRetryPolicy? retries = null)
    {
        retries ??= Retries;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(request, cancellation);
            }
            catch (AwsException error) when (retries.PauseAfter(error, attempt, Random.Shared.NextDouble()) is { } pause)
            {
                await Task.Delay(pause, _time, cancellation);
            }
        }
    }

    /// <summary>Calls once, and returns as soon as a good answer begins; the body is the caller's to read and to dispose of.</summary>
    /// <exception cref="AwsException">The service refuses, or cannot be reached.</exception>
    public async Task<HttpResponseMessage> OpenAsync(AwsRequest request, CancellationToken cancellation)
    {
        using var limit = new Deadline(AnswerLimits.Usual.Patience, _time, cancellation);
        HttpResponseMessage response = await HeadAsync(request, limit);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw AwsErrors.Read((int)response.StatusCode, response.Headers, await BodyAsync(response, AnswerBytesMax, limit));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Calls once, and reads the whole answer, whatever its status says.</summary>
    /// <param name="request">The call. It is not sent again: it may have done its work.</param>
    /// <param name="limits">How long and how large the answer may be.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <exception cref="AwsException">There are no credentials, there was no answer, or it was too large.</exception>
    public async Task<AwsAnswer> ExchangeAsync(AwsRequest request, AnswerLimits limits, CancellationToken cancellation)
    {
        using var limit = new Deadline(limits.Patience, _time, cancellation);
        using HttpResponseMessage response = await HeadAsync(request, limit);
        byte[] body = await BodyAsync(response, limits.BytesMax, limit);
        return new AwsAnswer((int)response.StatusCode, body, RequestId(response)) { Headers = response.Headers };
    }

    private async Task<AwsAnswer> SendOnceAsync(AwsRequest request, CancellationToken cancellation)
    {
        AwsAnswer answer = await ExchangeAsync(request, AnswerLimits.Usual, cancellation);
        return answer.Status is >= 200 and < 300 ? answer : throw AwsErrors.Read(answer.Status, answer.Headers!, answer.Body);
    }

    private async Task<HttpResponseMessage> HeadAsync(AwsRequest request, Deadline limit)
    {
        using HttpRequestMessage message = await SignAsync(request, limit);
        try
        {
            return await _http.SendAsync(message, limit.Token);
        }
        catch (Exception error) when (limit.IsNoAnswer(error))
        {
            throw NoAnswer(error, limit);
        }
    }

    private async Task<HttpRequestMessage> SignAsync(AwsRequest request, Deadline limit)
    {
        try
        {
            return await _signer.SignAsync(request).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (limit.IsNoAnswer(late))
        {
            throw new AwsException("NoCredentials", $"Whoever has the credentials for {Endpoint} has not answered for {limit.Patience.TotalSeconds:0} s.", 0, late);
        }
    }

    private async Task<byte[]> BodyAsync(HttpResponseMessage response, int bytesMax, Deadline limit)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(bytesMax, limit.Token);
            return await response.Content.ReadAsByteArrayAsync(limit.Token);
        }
        catch (HttpRequestException tooMuch) when (tooMuch.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new AwsException(AwsException.AnswerTooLarge, $"{Endpoint} answers more than {bytesMax} bytes; it is no {Endpoint.Service}.", (int)response.StatusCode, tooMuch);
        }
        catch (Exception error) when (limit.IsNoAnswer(error))
        {
            throw NoAnswer(error, limit);
        }
    }

    private static AWSCredentials CredentialsFor(AwsEndpoint endpoint) =>
        endpoint.IsAws ? new UsualCredentials() : EmulatorCredentials.Choose(Environment.GetEnvironmentVariable);

    private AwsException NoAnswer(Exception error, Deadline limit) => limit.HasPassed && error is OperationCanceledException
        ? new AwsException(AwsException.NoAnswer, $"{Endpoint} has not answered for {limit.Patience.TotalSeconds:0} s.", 0, error)
        : new AwsException(AwsException.Unreachable, $"{Endpoint} cannot be reached: {error.Message}", 0, error);

    private static string? RequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-amzn-RequestId", out IEnumerable<string>? ids) || response.Headers.TryGetValues("x-amz-request-id", out ids)
            ? ids.FirstOrDefault()
            : null;

    private static SocketsHttpHandler Network(AwsEndpoint endpoint, int connectionsMax) => new()
    {
        UseProxy = endpoint.IsAws,
        UseCookies = false,
        AllowAutoRedirect = false,                            // a signature is for one address
        ConnectTimeout = ConnectTimeout,
        MaxConnectionsPerServer = connectionsMax,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),  // names may come to mean other addresses
        ConnectCallback = ConnectAsync,
        KeepAlivePingDelay = KeepAliveInterval,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };

    // An invocation may be silent for 15 minutes, and what lies between forgets a silent connection after some five.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)KeepAliveInterval.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)KeepAliveInterval.TotalSeconds);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The time of one call, and who may give it up before.</summary>
    private sealed class Deadline : IDisposable
    {
        private readonly CancellationTokenSource _limit;
        private readonly CancellationTokenSource _either;
        private readonly CancellationToken _cancellation;

        public Deadline(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
        {
            (Patience, _cancellation) = (patience, cancellation);
            _limit = new CancellationTokenSource(patience, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _limit.Token);
        }

        public TimeSpan Patience { get; }

        public CancellationToken Token => _either.Token;

        public bool HasPassed => _limit.IsCancellationRequested;

        public bool IsNoAnswer(Exception error) =>
            error is HttpRequestException or IOException || (error is OperationCanceledException && !_cancellation.IsCancellationRequested);

        public void Dispose()
        {
            _either.Dispose();
            _limit.Dispose();
        }
    }
}
