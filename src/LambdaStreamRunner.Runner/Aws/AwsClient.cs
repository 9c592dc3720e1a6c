using Amazon.Runtime;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Calls one service at one endpoint: signed, bounded, and again when that may help.</summary>
/// <remarks>Marshalling is the caller's. Credentials, region and signature are AWSSDK.Core's.</remarks>
internal sealed class AwsClient : IDisposable
{
    /// <summary>Longest wait for the head of an answer, and for all of an answer that is no stream.</summary>
    public static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer: a full GetRecords is 10 MiB in base64, with names and numbers.</summary>
    public const int AnswerBytesMax = 64 * 1024 * 1024;

    // HTTP/1.1 needs one for every call under way; a subscription holds its own for minutes.
    private const int ConnectionsMax = 1_000;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _http;
    private readonly RequestSigner _signer;
    private readonly TimeProvider _time;

    /// <summary>A client for an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="time">Real time: for signatures, pauses and time limits.</param>
    /// <param name="credentials">null: the usual ones for AWS, and <see cref="EmulatorCredentials"/> for others.</param>
    /// <param name="handler">null: the network.</param>
    public AwsClient(AwsEndpoint endpoint, TimeProvider time, AWSCredentials? credentials = null, HttpMessageHandler? handler = null)
    {
        (Endpoint, _time) = (endpoint, time);
        _signer = new RequestSigner(endpoint, credentials ?? CredentialsFor(endpoint), time);
        _http = new HttpMessageInvoker(handler ?? Network(endpoint));
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
        using var limit = new CancellationTokenSource(AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        HttpResponseMessage response = await HeadAsync(request, either.Token, cancellation);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw AwsErrors.Read((int)response.StatusCode, response.Headers, await BodyAsync(response, either.Token, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<AwsAnswer> SendOnceAsync(AwsRequest request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using HttpResponseMessage response = await HeadAsync(request, either.Token, cancellation);
        byte[] body = await BodyAsync(response, either.Token, cancellation);
        if (!response.IsSuccessStatusCode)
            throw AwsErrors.Read((int)response.StatusCode, response.Headers, body);
        return new AwsAnswer((int)response.StatusCode, body, RequestId(response));
    }

    private async Task<HttpResponseMessage> HeadAsync(AwsRequest request, CancellationToken either, CancellationToken cancellation)
    {
        using HttpRequestMessage message = await SignAsync(request, either, cancellation);
        try
        {
            return await _http.SendAsync(message, either);
        }
        catch (Exception error) when (IsNoAnswer(error, cancellation))
        {
            throw NoAnswer(error);
        }
    }

    private async Task<HttpRequestMessage> SignAsync(AwsRequest request, CancellationToken either, CancellationToken cancellation)
    {
        try
        {
            return await _signer.SignAsync(request).WaitAsync(either);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new AwsException("NoCredentials", $"Whoever has the credentials for {Endpoint} has not answered for {AnswerTimeout.TotalSeconds:0} s.", 0, late);
        }
    }

    private async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken either, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, either);
            return await response.Content.ReadAsByteArrayAsync(either);
        }
        catch (HttpRequestException tooMuch) when (tooMuch.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new AwsException("AnswerTooLarge", $"{Endpoint} answers more than {AnswerBytesMax} bytes; it is no {Endpoint.Service}.", (int)response.StatusCode, tooMuch);
        }
        catch (Exception error) when (IsNoAnswer(error, cancellation))
        {
            throw NoAnswer(error);
        }
    }

    private static AWSCredentials CredentialsFor(AwsEndpoint endpoint) =>
        endpoint.IsAws ? new UsualCredentials() : EmulatorCredentials.Choose(Environment.GetEnvironmentVariable);

    private static bool IsNoAnswer(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested);

    private AwsException NoAnswer(Exception error) => error is OperationCanceledException
        ? new AwsException(AwsException.Unreachable, $"{Endpoint} has not answered for {AnswerTimeout.TotalSeconds:0} s.", 0, error)
        : new AwsException(AwsException.Unreachable, $"{Endpoint} cannot be reached: {error.Message}", 0, error);

    private static string? RequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-amzn-RequestId", out IEnumerable<string>? ids) || response.Headers.TryGetValues("x-amz-request-id", out ids)
            ? ids.FirstOrDefault()
            : null;

    private static SocketsHttpHandler Network(AwsEndpoint endpoint) => new()
    {
        UseProxy = endpoint.IsAws,
        UseCookies = false,
        AllowAutoRedirect = false,                            // a signature is for one address
        ConnectTimeout = ConnectTimeout,
        MaxConnectionsPerServer = ConnectionsMax,
        EnableMultipleHttp2Connections = true,
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),  // names may come to mean other addresses
    };
}
