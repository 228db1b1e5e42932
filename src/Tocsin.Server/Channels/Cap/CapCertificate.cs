using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.Cap;

/// <summary>The certificate that signs, with those that lead from it to its root.</summary>
internal sealed class CapCertificate : IDisposable
{
    private CapCertificate(X509Certificate2 own, IReadOnlyList<X509Certificate2> chain) => (Own, Chain) = (own, chain);

    public X509Certificate2 Own { get; }

    public IReadOnlyList<X509Certificate2> Chain { get; }

    /// <summary>Reads <c>certificateFile</c> (PFX, or PEM with its key in it or in <c>keyFile</c>) and the secret <c>password</c>; null where no file is named or it cannot be used.</summary>
    public static CapCertificate? Read(ConfigSection section, DateTimeOffset now)
    {
        string? path = section.OptionalText("certificateFile", "give the path of a PFX or PEM file"), keyPath = section.OptionalText("keyFile", "give the path of a PEM file");
        string? password = section.OptionalSecret("password");
        if (path is null) return null;
        try
        {
            CapCertificate found = Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12" ? Pfx(path, password) : Pem(path, keyPath, password);
            string? wrong = !found.Own.HasPrivateKey ? "give a file that holds the private key too"
                : found.Own.GetKeyAlgorithm() is not ("1.2.840.113549.1.1.1" or "1.2.840.10045.2.1") ? "give a certificate for RSA or ECDSA"
                : now.UtcDateTime > found.Own.NotAfter.ToUniversalTime() ? "give a certificate that has not expired" : null;
            if (wrong is null) return found;
            found.Dispose();
            section.Wrong("certificateFile", $"\"{path}\"", wrong);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The message of a failed decryption may not name the password; the file system's names only the path.
            section.Wrong("certificateFile", $"\"{path}\"", e is CryptographicException ? "give a PFX or PEM file with its private key, and its password" : $"give a file that can be read ({e.Message})");
        }
        return null;
    }

    public void Dispose()
    {
        Own.Dispose();
        foreach (X509Certificate2 c in Chain) c.Dispose();
    }

    private static CapCertificate Pfx(string path, string? password)
    {
        X509Certificate2Collection all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password, X509KeyStorageFlags.EphemeralKeySet);
        X509Certificate2 own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("no private key");
        return new(own, [.. all.Where(c => c != own)]);
    }

    private static CapCertificate Pem(string path, string? keyPath, string? password)
    {
        X509Certificate2 own = password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        X509Certificate2Collection all = [];
        all.ImportFromPemFile(path);
        return new(own, [.. all.Where(c => !c.RawData.AsSpan().SequenceEqual(own.RawData))]);
    }
}
