namespace LambdaStreamRunner.StreamServer.Tests.Protocol;

/// <summary>Whether a request is signed, and how (Kinesis reference 1.5).</summary>
public sealed class CredentialsTests : IAsyncLifetime
{
    private const string NoCredential = "Authorization header requires 'Credential' parameter. ";
    private const string NoSignature = "Authorization header requires 'Signature' parameter. ";
    private const string NoSignedHeaders = "Authorization header requires 'SignedHeaders' parameter. ";
    private const string NoDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";

    private KinesisServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await KinesisServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/?X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-SignedHeaders=c&X-Amz-Date=d")]
    public async Task A_request_without_a_signature_misses_its_token(string path) =>
        Assert.Equal("MissingAuthenticationTokenException: Missing Authentication Token", await RefusedAsync(path, authorization: null, date: null));

    [Theory]
    [InlineData("/?X-Amz-Algorithm")]
    [InlineData("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a")]
    public async Task Header_and_query_exclude_each_other(string path) =>
        Assert.Equal(
            "InvalidSignatureException: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
            await RefusedAsync(path, "X", date: null));

    [Theory]
    [InlineData("X", null, NoCredential + NoSignature + NoSignedHeaders + NoDate)]
    [InlineData("AWS4- Signature=b Credential=a", "X-Amz-Date", NoSignedHeaders)]
    [InlineData("AWS4- Signature=b,Credential=a", "Date", NoSignedHeaders)]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=", "X-Amz-Date", NoSignature)]
    [InlineData("AWS4-HMAC-SHA256 Credential=, SignedHeaders=b, Signature=c", "X-Amz-Date", NoCredential)]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c", null, NoDate)]
    public async Task A_header_tells_every_part_that_is_missing_and_itself(string authorization, string? date, string missing) =>
        Assert.Equal($"IncompleteSignatureException: {missing}Authorization={authorization}", await RefusedAsync("/", authorization, date));

    [Theory]
    [InlineData("X-Amz-Algorithm", "X-Amz-Algorithm X-Amz-Credential X-Amz-Signature X-Amz-SignedHeaders X-Amz-Date")]
    [InlineData("X-Amz-Algorithm=a", "X-Amz-Credential X-Amz-Signature X-Amz-SignedHeaders X-Amz-Date")]
    [InlineData("X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=&X-Amz-SignedHeaders=d", "X-Amz-Signature X-Amz-Date")]
    [InlineData("X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Date=c&X-Amz-SignedHeaders=d", "X-Amz-Signature")]
    public async Task A_query_tells_every_part_that_is_missing(string query, string missing) =>
        Assert.Equal(
            $"IncompleteSignatureException: {string.Concat(missing.Split(' ').Select(name => $"AWS query-string parameters must include '{name}'. "))}Re-examine the query-string parameters.",
            await RefusedAsync($"/?{query}", authorization: null, date: null));

    [Theory]
    [InlineData("/", "AWS4-HMAC-SHA256 Credential=any, SignedHeaders=thing, Signature=will-do", "Date")]
    [InlineData("/any/path", "AWS4-HMAC-SHA256 Signature=c,SignedHeaders=b,Credential=a", "X-Amz-Date")]
    [InlineData("/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&X-Amz-SignedHeaders=d&X-Amz-Date=e", null, null)]
    public async Task A_request_that_is_signed_in_any_way_is_taken(string path, string? authorization, string? date) =>
        Assert.Equal(System.Net.HttpStatusCode.OK, (await _server.SendAsync(Request(path, authorization, date))).Status);

    private Task<string> RefusedAsync(string path, string? authorization, string? date) => _server.RefusedAsync(Request(path, authorization, date));

    private static HttpRequestMessage Request(string path, string? authorization, string? date)
    {
        HttpRequestMessage request = KinesisServer.Request("ListStreams", "{}");
        request.RequestUri = new Uri(path, UriKind.Relative);
        request.Headers.Remove("Authorization");
        request.Headers.Remove("X-Amz-Date");
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (date is not null)
            request.Headers.TryAddWithoutValidation(date, "Thu, 01 Jan 2026 00:00:00 GMT");
        return request;
    }
}
