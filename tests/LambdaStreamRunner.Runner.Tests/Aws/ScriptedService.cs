using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace LambdaStreamRunner.Runner.Tests.Aws;

/// <summary>A service without a network: it answers from a script, and remembers what it was asked.</summary>
internal sealed class ScriptedService : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<HttpResponseMessage>> _answers = new();

    public ConcurrentQueue<(HttpRequestMessage Message, byte[] Body)> Requests { get; } = new();

    public ScriptedService Answers(HttpStatusCode status, string body, params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            foreach ((string name, string value) in headers)
                response.Headers.TryAddWithoutValidation(name, value);
            return response;
        });
        return this;
    }

    public ScriptedService CannotBeReached()
    {
        _answers.Enqueue(() => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        Requests.Enqueue((request, body));
        return _answers.TryDequeue(out Func<HttpResponseMessage>? answer) ? answer() : throw new InvalidOperationException("The script has no more answers.");
    }
}
