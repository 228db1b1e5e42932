using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tocsin.Server.Tests.Channels.Mqtt;

/// <summary>Certificates of an authority made for one test.</summary>
internal static class TestAuthority
{
    public static void Write(string folder)
    {
        DateTimeOffset from = DateTimeOffset.UnixEpoch.AddYears(40), to = DateTimeOffset.UnixEpoch.AddYears(120);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = Authority("CN=Camp", key);
        using X509Certificate2 other = Authority("CN=Other", otherKey);
        File.WriteAllText($"{folder}/ca.pem", authority.ExportCertificatePem());
        File.WriteAllText($"{folder}/other.pem", other.ExportCertificatePem());
        Leaf("server", "1.3.6.1.5.5.7.3.1");
        Leaf("client", "1.3.6.1.5.5.7.3.2");

        X509Certificate2 Authority(string name, ECDsa its)
        {
            var request = new CertificateRequest(name, its, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
            return request.CreateSelfSigned(from, to);
        }

        void Leaf(string name, string use)
        {
            using var its = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=" + name, its, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 leaf = request.Create(authority, from.AddYears(1), to.AddYears(-1), [1, (byte)name.Length, (byte)name[0]]);
            File.WriteAllText($"{folder}/{name}.pem", leaf.ExportCertificatePem());
            File.WriteAllText($"{folder}/{name}.key", its.ExportPkcs8PrivateKeyPem());
        }
    }
}
