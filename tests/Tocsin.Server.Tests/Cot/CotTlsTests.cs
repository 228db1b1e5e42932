using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Cot;
using Tocsin.Server.Channels.Cot;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.Cot;

/// <summary>The channel over TLS, with an authority of the test's own.</summary>
public sealed class CotTlsTests : IDisposable
{
    private const string Password = "correct horse";
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-cot-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 22, 43, 0, TimeSpan.Zero));
    private readonly X509Certificate2 _authority = Authority("CN=Site authority");
    private readonly X509Certificate2 _server;

    public CotTlsTests()
    {
        _server = Issue(_authority, "CN=tak server", "1.3.6.1.5.5.7.3.1", "tak.camp.test");
        File.WriteAllText(PathOf("ca.pem"), _authority.ExportCertificatePem());
        File.WriteAllText(PathOf("other-ca.pem"), Authority("CN=Another authority").ExportCertificatePem());
        using X509Certificate2 client = Issue(_authority, "CN=tocsin camp", "1.3.6.1.5.5.7.3.2", "tocsin.camp.test");
        File.WriteAllBytes(PathOf("client.p12"), client.Export(X509ContentType.Pkcs12, Password));
        File.WriteAllText(PathOf("client.pem"), client.ExportCertificatePem());
        File.WriteAllText(PathOf("client.key"), client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _server.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("\"certificateFile\":\"client.p12\",\"certificatePassword\":\"correct horse\"")]
    [InlineData("\"certificateFile\":\"client.pem\",\"certificateKeyFile\":\"client.key\"")]
    public async Task Both_sides_show_who_they_are_and_the_warning_arrives(string certificate)
    {
        await using var peer = new TakPeer(_server, asksCertificate: true);
        await using CotChannel channel = CotWorld.Channel(Json(peer, $"\"caFile\":\"ca.pem\",\"serverName\":\"tak.camp.test\",\"tracks\":true,\"impacts\":true,{certificate}"), _clock);
        await channel.SendAsync(CotWorld.Message(), Stop);
        await channel.ShowAsync(CotWorld.Picture(tracks: CotWorld.Seen()), Stop);
        Assert.Equal("b-a-o-tbl", (await peer.NextAsync()).Type);
        Assert.Equal("u-d-f", (await peer.NextAsync()).Type);
        Assert.Equal("a-h-A-W-M", (await peer.NextAsync()).Type);
        Assert.Equal("u-d-c-c", (await peer.NextAsync()).Type);
        Assert.Equal("CN=tocsin camp", peer.ClientSubject);
    }

    [Fact]
    public async Task A_pinned_certificate_is_trusted_whatever_its_name()
    {
        await using var peer = new TakPeer(_server);
        string pin = string.Join(':', SHA256.HashData(_server.RawData).Select(b => b.ToString("X2")));
        await using CotChannel channel = CotWorld.Channel(Json(peer, $"\"pin\":\"{pin}\""), _clock);
        await channel.SendAsync(CotWorld.Message(), Stop);
        Assert.Equal("b-a-o-tbl", (await peer.NextAsync()).Type);
    }

    [Theory]
    [InlineData("\"caFile\":\"other-ca.pem\",\"serverName\":\"tak.camp.test\"")]
    [InlineData("\"caFile\":\"ca.pem\",\"serverName\":\"elsewhere.test\"")]
    [InlineData("\"serverName\":\"tak.camp.test\"")]
    [InlineData("\"pin\":\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    public async Task A_server_that_is_not_the_right_one_is_told_nothing(string keys)
    {
        await using var peer = new TakPeer(_server);
        await using CotChannel channel = CotWorld.Channel(Json(peer, keys), _clock);
        IOException e = await Assert.ThrowsAsync<IOException>(() => channel.SendAsync(CotWorld.Message(), Stop));
        Assert.Contains("TLS", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, peer.XmlBytes);
    }

    [Fact]
    public async Task A_server_that_refuses_us_after_the_handshake_is_a_failure_and_not_a_success()
    {
        await using var peer = new TakPeer(_server, asksCertificate: true);
        await using CotChannel channel = CotWorld.Channel(Json(peer, "\"caFile\":\"ca.pem\",\"serverName\":\"tak.camp.test\""), _clock);
        await Assert.ThrowsAsync<IOException>(() => channel.SendAsync(CotWorld.Message(), Stop));
        Assert.Equal(0, peer.XmlBytes);
    }

    [Fact]
    public async Task A_certificate_for_clients_is_not_a_server()
    {
        using X509Certificate2 client = Issue(_authority, "CN=tocsin camp", "1.3.6.1.5.5.7.3.2", "tak.camp.test");
        await using var peer = new TakPeer(client);
        await using CotChannel channel = CotWorld.Channel(Json(peer, "\"caFile\":\"ca.pem\",\"serverName\":\"tak.camp.test\""), _clock);
        await Assert.ThrowsAsync<IOException>(() => channel.SendAsync(CotWorld.Message(), Stop));
        Assert.Equal(0, peer.XmlBytes);
    }

    [Theory]
    [InlineData("\"certificateFile\":\"client.p12\",\"certificatePassword\":\"wrong secret\"", "certificateFile")]
    [InlineData("\"certificateFile\":\"absent.p12\"", "certificateFile")]
    [InlineData("\"caFile\":\"client.key\"", "caFile")]
    [InlineData("\"pin\":\"12:34\"", "pin")]
    [InlineData("\"caFile\":\"ca.pem\",\"pin\":\"0000000000000000000000000000000000000000000000000000000000000000\"", "pin")]
    public void A_file_that_cannot_be_used_is_named_and_no_secret_is(string keys, string key)
    {
        (_, List<ConfigProblem> problems) = CotWorld.Read(InFolder($"{{\"transport\":\"tls\",\"host\":\"tak.camp.test\",{keys}}}"), _clock);
        ConfigProblem problem = Assert.Single(problems);
        Assert.Equal(key, problem.Key);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    private string Json(TakPeer peer, string keys) => InFolder($"{{\"transport\":\"tls\",\"host\":\"127.0.0.1\",\"port\":{peer.Port},{keys}}}");

    private string InFolder(string json)
    {
        foreach (string file in (string[])["other-ca.pem", "client.p12", "client.pem", "client.key", "absent.p12"]) json = json.Replace($"\"{file}\"", $"\"{PathOf(file)}\"", StringComparison.Ordinal);
        return json.Replace("\"ca.pem\"", $"\"{PathOf("ca.pem")}\"", StringComparison.Ordinal);
    }

    private string PathOf(string file) => Path.Combine(_folder, file);

    private static X509Certificate2 Authority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, string use, string dns)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dns);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        using X509Certificate2 issued = request.Create(authority, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddHours(1), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
