using System.Security.Cryptography.X509Certificates;

namespace LambdaStreamRunner.StreamServer.Tests;

public sealed class DevelopmentCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"certificate-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_kept_until_it_is_nearly_over()
    {
        using X509Certificate2 first = DevelopmentCertificate.LoadOrCreate(_folder, Now);
        using X509Certificate2 again = DevelopmentCertificate.LoadOrCreate(_folder, Now.AddDays(300));
        using X509Certificate2 late = DevelopmentCertificate.LoadOrCreate(_folder, Now.AddDays(360));

        Assert.Equal(first.Thumbprint, again.Thumbprint);
        Assert.True(again.HasPrivateKey);
        Assert.NotEqual(first.Thumbprint, late.Thumbprint);
    }

    [Fact]
    public void A_torn_file_is_replaced()
    {
        DevelopmentCertificate.LoadOrCreate(_folder, Now).Dispose();
        File.WriteAllText(Path.Combine(_folder, DevelopmentCertificate.CertificateFile), "-----BEGIN CERT");

        using X509Certificate2 fresh = DevelopmentCertificate.LoadOrCreate(_folder, Now);

        Assert.Contains(fresh.Thumbprint, X509Certificate2.CreateFromPem(
            File.ReadAllText(Path.Combine(_folder, DevelopmentCertificate.CertificateFile))).Thumbprint, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_else_can_read_the_key()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows protects the user's folder as a whole.");
            return;
        }
        DevelopmentCertificate.LoadOrCreate(_folder, Now).Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, DevelopmentCertificate.KeyFile)));
    }
}
