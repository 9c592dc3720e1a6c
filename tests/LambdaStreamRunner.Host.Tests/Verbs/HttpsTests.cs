using System.Net;
using System.Security.Cryptography.X509Certificates;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Host.Tests.Verbs;

/// <summary>TLS on request, on the same port.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("both.pem")]
    [InlineData("both.pfx")]
    public async Task A_run_with_a_certificate_serves_tls_and_cleartext(string file)
    {
        using X509Certificate2 certificate = DevelopmentCertificate.Create(TimeProvider.System.GetUtcNow());
        await SaveAsync(certificate, _workspace.PathOf(file));
        await using LambdaStream program = LambdaStream.Start(
            _workspace, "run", "--config", _workspace.Configure("Succeed"), "--port", "0", "--certificate", file);
        Uri endpoint = await program.EndpointAsync();

        Uri secure = new UriBuilder(endpoint) { Scheme = "https" }.Uri;
        Assert.Contains($"also with TLS: {secure.AbsoluteUri.TrimEnd('/')}", program.Said, StringComparison.Ordinal);
        Assert.Equal(HttpVersion.Version20, await VersionAsync(certificate, secure, HttpVersion.Version20));
        Assert.Equal(HttpVersion.Version11, await VersionAsync(certificate, endpoint, HttpVersion.Version11));
    }

    private static Task SaveAsync(X509Certificate2 certificate, string path) => path.EndsWith(".pfx", StringComparison.Ordinal)
        ? File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12), TestContext.Current.CancellationToken)
        : File.WriteAllTextAsync(
            path, $"{certificate.ExportCertificatePem()}\n{certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n", TestContext.Current.CancellationToken);

    private static async Task<Version> VersionAsync(X509Certificate2 certificate, Uri address, Version version)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.Version;
    }
}
