using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LambdaStreamRunner.StreamServer;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>What <c>--https</c> serves TLS with: a file of the user's, or the development certificate.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="TrustFile">What clients are told to trust; null when the certificate is the user's own affair.</param>
internal sealed record TlsCertificate(X509Certificate2 Certificate, string? TrustFile)
{
    public static bool TryLoad(string? file, DateTimeOffset now, [NotNullWhen(true)] out TlsCertificate? loaded, [NotNullWhen(false)] out string? mistake)
    {
        (loaded, mistake) = (null, null);
        string folder = DevelopmentCertificate.UserFolder;
        try
        {
            loaded = file is null
                ? new TlsCertificate(DevelopmentCertificate.LoadOrCreate(folder, now), Path.Combine(folder, DevelopmentCertificate.CertificateFile))
                : new TlsCertificate(Read(file), null);
            if (loaded.Certificate.HasPrivateKey)
                return true;
            mistake = $"--certificate: {file} has no private key.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            mistake = file is null ? $"--https: the development certificate cannot be kept: {unreadable.Message}" : $"--certificate: {unreadable.Message}";
        }
        catch (CryptographicException)
        {
            mistake = $"--certificate: {file} is neither a PEM file with certificate and private key, nor a PFX file without password.";
        }
        loaded = null;
        return false;
    }

    private static X509Certificate2 Read(string file)
    {
        string text = File.ReadAllText(file);
        if (!text.Contains("-----BEGIN ", StringComparison.Ordinal))
            return X509CertificateLoader.LoadPkcs12FromFile(file, null, X509KeyStorageFlags.Exportable);
        using var pem = X509Certificate2.CreateFromPem(text, text);
        // Windows' TLS wants a key that was imported.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
