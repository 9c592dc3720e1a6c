using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LambdaStreamRunner.StreamServer;

/// <summary>The certificate for TLS on a developer's own machine: for localhost, 127.0.0.1 and [::1], signed by itself.</summary>
public static class DevelopmentCertificate
{
    /// <summary>File name of the certificate, which clients are told to trust (<c>AWS_CA_BUNDLE</c>).</summary>
    public const string CertificateFile = "localhost.pem";

    /// <summary>File name of the private key, which only the user can read.</summary>
    public const string KeyFile = "localhost.key";

    /// <summary>How long a new certificate is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Renewed when less than this is left.</summary>
    public static readonly TimeSpan LeftMin = TimeSpan.FromDays(7);

    // Some clocks are a little slow.
    private static readonly TimeSpan Backdating = TimeSpan.FromDays(1);

    /// <summary>The folder of this user for it.</summary>
    public static string UserFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "lambda-stream");

    /// <summary>The certificate in a folder; made, or made anew, when there is none that is valid.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="now">Decides what is valid.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public static X509Certificate2 LoadOrCreate(string folder, DateTimeOffset now)
    {
        if (TryLoad(folder) is { } kept)
        {
            if (kept.NotBefore.ToUniversalTime() <= now.UtcDateTime && kept.NotAfter.ToUniversalTime() - now.UtcDateTime >= LeftMin)
                return kept;
            kept.Dispose();
        }
        X509Certificate2 fresh = Create(now);
        Save(fresh, folder);
        return fresh;
    }

    /// <summary>A new one, kept nowhere.</summary>
    public static X509Certificate2 Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost, O=LambdaStreamRunner development", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build(critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using X509Certificate2 signed = request.CreateSelfSigned(now - Backdating, now + Lifetime);
        // Windows' TLS wants a key that was imported, not one that exists only here.
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static X509Certificate2? TryLoad(string folder)
    {
        (string certificate, string key) = (Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile));
        if (!File.Exists(certificate) || !File.Exists(key))
            return null;
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        }
        catch (CryptographicException)                        // a torn file: a new one takes its place
        {
            return null;
        }
    }

    private static void Save(X509Certificate2 certificate, string folder)
    {
        Directory.CreateDirectory(folder);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        WriteOwn(Path.Combine(folder, KeyFile), key.ExportPkcs8PrivateKeyPem());
        WriteOwn(Path.Combine(folder, CertificateFile), certificate.ExportCertificatePem());
    }

    // Written beside its place and then moved there: another run never sees half of it.
    private static void WriteOwn(string path, string text)
    {
        string fresh = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(fresh, options))
            writer.WriteLine(text);
        File.Move(fresh, path, overwrite: true);
    }
}
