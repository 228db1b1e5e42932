using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Access;

/// <summary>The certificate of https in files, PEM or PFX: read again when they change, so that a renewed one needs no restart.</summary>
public sealed class CertificateFile
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMinutes(1);
    private readonly string _certificate;
    private readonly string? _key;
    private readonly string? _password;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private SslStreamCertificateContext _context;
    private DateTime _written;
    private long _looked;

    private CertificateFile(string certificate, string? key, string? password, TimeProvider clock)
    {
        (_certificate, _key, _password, _clock) = (certificate, key, password, clock);
        (_looked, _written) = (clock.GetTimestamp(), Written());
        _context = Load();
    }

    /// <summary>The certificate and those that vouch for it.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                if (_clock.GetElapsedTime(_looked) < s_lookEvery) return _context;
                _looked = _clock.GetTimestamp();
                try
                {
                    DateTime written = Written();
                    if (written != _written) (_context, _written) = (Load(), written);
                }
                catch (Exception e) when (IsUnusable(e))
                {
                    // Half of a pair may have been written: the old one serves until the next look.
                }
                return _context;
            }
        }
    }

    /// <summary>Reads <c>tls</c>: <c>certificate</c> (PEM with its chain, or PFX), <c>key</c> (PEM; not for PFX), <c>password</c> or <c>passwordFile</c>.</summary>
    public static CertificateFile? Read(ConfigSection section, TimeProvider clock)
    {
        string certificate = section.Text("certificate", "give the path of a PEM or PFX file");
        string? key = section.OptionalText("key", "give the path of the PEM file with the private key");
        string? password = section.OptionalSecret("password");
        section.End();
        if (certificate.Length == 0) return null;
        try
        {
            return new(certificate, key, password, clock);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            section.Wrong("certificate", $"\"{certificate}\"", $"give a certificate with its private key ({e.Message.ReplaceLineEndings(" ")})");
            return null;
        }
    }

    private static bool IsUnusable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private DateTime Written()
    {
        DateTime certificate = File.GetLastWriteTimeUtc(_certificate);
        return _key is null ? certificate : new(Math.Max(certificate.Ticks, File.GetLastWriteTimeUtc(_key).Ticks), DateTimeKind.Utc);
    }

    private SslStreamCertificateContext Load()
    {
        X509Certificate2Collection chain = [];
        if (Path.GetExtension(_certificate).ToUpperInvariant() is ".PFX" or ".P12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(_certificate, _password);
            return Context(chain.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key"), chain);
        }
        X509Certificate2 own = _password is null
            ? X509Certificate2.CreateFromPemFile(_certificate, _key ?? _certificate)
            : X509Certificate2.CreateFromEncryptedPemFile(_certificate, _password, _key ?? _certificate);
        chain.ImportFromPemFile(_certificate);
        return Context(own, chain);
    }

    private static SslStreamCertificateContext Context(X509Certificate2 own, X509Certificate2Collection chain) => SslStreamCertificateContext.Create(own, chain, offline: true);
}
