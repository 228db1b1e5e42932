using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.Cot;

/// <summary>Whom a TLS channel trusts and how it shows who it is.</summary>
public sealed class CotTls
{
    // Extended key usage "TLS web server authentication", RFC 5280, 4.2.1.12.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int PinCharacters = 64;

    private readonly string _serverName;
    private readonly X509Certificate2Collection? _authorities;
    private readonly byte[]? _pin;
    private readonly SslStreamCertificateContext? _client;

    private CotTls(string serverName, X509Certificate2Collection? authorities, byte[]? pin, SslStreamCertificateContext? client) =>
        (_serverName, _authorities, _pin, _client) = (serverName, authorities, pin, client);

    /// <summary>Reads the TLS keys of a channel's section: certificateFile, certificateKeyFile, certificatePassword, caFile, pin, serverName.</summary>
    /// <returns>Null where a file cannot be used.</returns>
    public static CotTls? Read(ConfigSection section, string host)
    {
        string? certificateFile = section.OptionalText("certificateFile", "give the path of a PEM or PKCS #12 file");
        string? keyFile = section.OptionalText("certificateKeyFile", "give the path of a PEM file with the private key");
        string? password = section.OptionalSecret("certificatePassword");
        string? caFile = section.OptionalText("caFile", "give the path of a file with the authority's certificates");
        string? pin = section.OptionalText("pin", "give the SHA-256 of the server's certificate: 64 hexadecimal digits, colons allowed", IsPin);
        string serverName = section.OptionalText("serverName", "give the name that the server's certificate holds") ?? host;
        bool isUsable = !section.Has("pin") || pin is not null;
        if (pin is not null && caFile is not null) section.Wrong("pin", "beside caFile", "give one of the two: a pinned certificate needs no authority");

        SslStreamCertificateContext? client = null;
        if (certificateFile is not null && !TryUse(section, "certificateFile", certificateFile, () => LoadClient(certificateFile, keyFile, password), out client)) isUsable = false;
        X509Certificate2Collection? authorities = null;
        if (caFile is not null && !TryUse(section, "caFile", caFile, () => LoadAuthorities(caFile), out authorities)) isUsable = false;
        return isUsable ? new CotTls(serverName, authorities, pin is null ? null : Convert.FromHexString(Digits(pin)), client) : null;
    }

    /// <summary>What an <see cref="SslStream"/> needs for one connection.</summary>
    /// <remarks>A pinned certificate is trusted as it is, whatever its name and issuer. Otherwise name, dates, use and chain must be right, up to
    /// <c>caFile</c> where it is given and else to the machine's own list. Revocation is not asked for: a TAK server's authority is
    /// as a rule the site's own and has no list that could be reached.</remarks>
    internal SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _serverName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateContext = _client,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_pin is { } pin)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), pin);
        }
        else if (_authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            options.CertificateChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        }
        return options;
    }

    private static bool IsPin(string pin) => Digits(pin) is { Length: PinCharacters } digits && digits.All(char.IsAsciiHexDigit);

    private static string Digits(string pin) => pin.Replace(":", "", StringComparison.Ordinal);

    private static bool TryUse<T>(ConfigSection section, string key, string path, Func<T> load, out T? loaded) where T : class
    {
        try
        {
            loaded = load();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            // The library's messages on keys and passwords say what failed and hold nothing of them.
            section.Wrong(key, $"\"{path}\"", $"give a file that can be read and used ({e.Message.ReplaceLineEndings(" ")})");
            loaded = null;
            return false;
        }
    }

    private static SslStreamCertificateContext LoadClient(string path, string? keyPath, string? password)
    {
        X509Certificate2Collection all = [];
        X509Certificate2 own;
        if (IsPem(path))
        {
            own = password is null ? X509Certificate2.CreateFromPemFile(path, keyPath) : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
            all.ImportFromPemFile(path);
        }
        else
        {
            all = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
            own = all.FirstOrDefault(c => c.HasPrivateKey) ?? throw new CryptographicException("it holds no private key");
        }
        return SslStreamCertificateContext.Create(own, all, offline: true);
    }

    private static X509Certificate2Collection LoadAuthorities(string path)
    {
        X509Certificate2Collection all = [];
        if (IsPem(path)) all.ImportFromPemFile(path);
        else all.Add(X509CertificateLoader.LoadCertificateFromFile(path));
        return all.Count > 0 ? all : throw new CryptographicException("it holds no certificate");
    }

    private static bool IsPem(string path) => File.ReadAllText(path).Contains("-----BEGIN ", StringComparison.Ordinal);
}
