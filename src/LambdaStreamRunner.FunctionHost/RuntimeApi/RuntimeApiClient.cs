using System.Net.Sockets;
using System.Text;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>The Runtime API as a function's runtime sees it.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"/>. An answer and the request for the next
/// invocation leave in one write: the server takes them in order, and an invocation costs one round trip instead of two.
/// </remarks>
internal sealed class RuntimeApiClient(string address) : IDisposable
{
    private const int Accepted = 202;

    private readonly HttpConnection _connection = new(address);
    private readonly RequestWriter _requests = new(address);
    private bool _wasConnected;

    /// <summary>Waits for an invocation.</summary>
    /// <returns>Null when the Runtime API has gone: the environment is no longer needed.</returns>
    /// <exception cref="RuntimeApiException">It cannot be reached, or does not keep to its protocol.</exception>
    public Invocation? Next()
    {
        _requests.Clear();
        _requests.GetNext();
        return AwaitNext(postOf: null);
    }

    /// <summary>Answers an invocation and waits for the next one.</summary>
    /// <inheritdoc cref="Next"/>
    public Invocation? PostResponseAndNext(string requestId, ReadOnlyMemory<byte> answer)
    {
        _requests.Clear();
        _requests.PostResponse(requestId, answer.Span);
        _requests.GetNext();
        return AwaitNext(requestId);
    }

    /// <summary>Reports that an invocation has failed and waits for the next one.</summary>
    /// <inheritdoc cref="Next"/>
    public Invocation? PostErrorAndNext(string requestId, FunctionError error)
    {
        _requests.Clear();
        _requests.PostError(requestId, error);
        _requests.GetNext();
        return AwaitNext(requestId);
    }

    /// <summary>Reports that the function cannot be started.</summary>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached.</exception>
    public void PostInitError(FunctionError error)
    {
        _requests.Clear();
        _requests.PostInitError(error);
        if (Exchange(answeredBefore: 0) is { Status: not Accepted } refused)
            Console.Error.WriteLine($"The Runtime API refused the report of a failed start: {Told(refused)}");
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private Invocation? AwaitNext(string? postOf)
    {
        if (postOf is not null)
        {
            if (Exchange(answeredBefore: 0) is not { } answered)
                return null;
            if (answered.Status != Accepted)
                Console.Error.WriteLine($"The Runtime API refused the answer of invocation {postOf}: {Told(answered)}");
        }
        return Exchange(answeredBefore: postOf is null ? 0 : 1) switch
        {
            null => null,
            { Status: 200 } next => InvocationOf(next),
            { } other => throw new RuntimeApiException($"The Runtime API gives no invocation: {Told(other)}"),
        };
    }

    /// <summary>
    /// Takes the next response, after sending the requests if that has not been done. A server may hang up a connection on
    /// which nothing happens for minutes, so what is not answered is sent once more, on another one.
    /// </summary>
    /// <returns>Null when the Runtime API has gone.</returns>
    private HttpResponse? Exchange(int answeredBefore)
    {
        bool isSent = answeredBefore > 0;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                if (!isSent)
                {
                    if (attempt > 0 || !_connection.IsOpen)
                        _connection.Connect();
                    _wasConnected = true;
                    _connection.Send(_requests.From(answeredBefore));
                }
                if (_connection.Receive() is { } response)
                    return response;
            }
            catch (SocketException lost) when (!_wasConnected)
            {
                throw new RuntimeApiException($"No Runtime API answers at {address}: {lost.Message}");
            }
            catch (SocketException lost) when (lost.SocketErrorCode is SocketError.ConnectionRefused)
            {
                return null;
            }
            catch (SocketException) when (attempt == 0)
            {
                // Sent again below.
            }
            catch (SocketException)
            {
                return null;
            }
            isSent = false;
        }
        return null;
    }

    private static Invocation InvocationOf(HttpResponse next) => new(
        next.Header("Lambda-Runtime-Aws-Request-Id"u8) ?? throw new RuntimeApiException("The Runtime API gave an invocation without Lambda-Runtime-Aws-Request-Id."),
        DateTimeOffset.FromUnixTimeMilliseconds(next.Number("Lambda-Runtime-Deadline-Ms"u8) ?? throw new RuntimeApiException("The Runtime API gave an invocation without Lambda-Runtime-Deadline-Ms.")),
        next.Header("Lambda-Runtime-Invoked-Function-Arn"u8) ?? "",
        next.Header("Lambda-Runtime-Trace-Id"u8),
        next.Body);

    private static string Told(HttpResponse response) => $"{response.Status} {Encoding.UTF8.GetString(response.Body.Span)}";
}
