using System.Globalization;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Runtime API as a function sees it.</summary>
internal sealed class RuntimeApi(HttpClient httpClient)
{
    private readonly string _root = $"http://{Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")}/2018-06-01/runtime";

    public HttpClient HttpClient => httpClient;

    /// <summary>Waits for an invocation.</summary>
    public async Task<InvocationRequest> NextAsync(CancellationToken cancellation)
    {
        using HttpResponseMessage next = await httpClient.GetAsync($"{_root}/invocation/next", cancellation);
        next.EnsureSuccessStatusCode();
        var input = new MemoryStream(await next.Content.ReadAsByteArrayAsync(cancellation), writable: false);
        string traceId = Header(next, "Lambda-Runtime-Trace-Id");
        Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", traceId);
        return new InvocationRequest(input, new LambdaContext
        {
            AwsRequestId = Header(next, "Lambda-Runtime-Aws-Request-Id"),
            InvokedFunctionArn = Header(next, "Lambda-Runtime-Invoked-Function-Arn"),
            TraceId = traceId,
            Deadline = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Header(next, "Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture)),
        });
    }

    public Task PostResponseAsync(string requestId, Stream answer) => PostAsync($"invocation/{requestId}/response", new StreamContent(answer));

    public Task PostErrorAsync(string requestId, Exception thrown) => PostAsync($"invocation/{requestId}/error", ErrorOf(thrown));

    public Task PostInitErrorAsync(Exception thrown) => PostAsync("init/error", ErrorOf(thrown));

    private async Task PostAsync(string path, HttpContent content)
    {
        using HttpContent sent = content;
        sent.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage answer = await httpClient.PostAsync($"{_root}/{path}", sent);
        if (!answer.IsSuccessStatusCode)
            await Console.Error.WriteLineAsync($"The Runtime API refused {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static ByteArrayContent ErrorOf(Exception thrown)
    {
        var content = new ByteArrayContent(ErrorDocument.Of(thrown));
        content.Headers.Add("Lambda-Runtime-Function-Error-Type", thrown.GetType().Name);
        return content;
    }

    private static string Header(HttpResponseMessage message, string name) =>
        message.Headers.TryGetValues(name, out IEnumerable<string> values) ? values.First() : "";
}
