using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Tocsin.Formats.Cap;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Cap;

public sealed class CapSignatureTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 23, 22, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<X509Certificate2> Rsa = new(() =>
    {
        using RSA key = RSA.Create(2048);
        return Own(new CertificateRequest("CN=site", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    });
    private static readonly Lazy<X509Certificate2> Ecdsa = new(() =>
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Own(new CertificateRequest("CN=site", key, HashAlgorithmName.SHA256));
    });

    private static X509Certificate2 Own(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Then.AddYears(-1), Then.AddYears(20));
    }

    private static X509Certificate2 Of(bool rsa) => (rsa ? Rsa : Ecdsa).Value;

    private static byte[] Signed(bool rsa) => CapSignature.Sign(CapWriter.Write(CapSamples.Alert), Of(rsa));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Xmlsec1_verifies_what_is_signed_and_refuses_what_was_changed(bool rsa)
    {
        using var folder = new TempFolder();
        byte[] signed = Signed(rsa);
        string certificate = folder.File("cert.pem", CapSamples.Utf8(Of(rsa).ExportCertificatePem()));
        string good = folder.File("good.xml", signed);
        string bad = folder.File("bad.xml", CapSamples.Utf8(Encoding.UTF8.GetString(signed).Replace("Take shelter", "Do nothing", StringComparison.Ordinal)));
        (int Exit, string Output)? run = CapSamples.Run("xmlsec1", "--verify", "--trusted-pem", certificate, good);
        Assert.SkipWhen(run is null, "xmlsec1 is not here");
        Assert.True(run.Value.Exit == 0, run.Value.Output);
        Assert.NotEqual(0, CapSamples.Run("xmlsec1", "--verify", "--trusted-pem", certificate, bad)!.Value.Exit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_signature_holds_until_a_letter_changes(bool rsa)
    {
        byte[] signed = Signed(rsa);
        Assert.Equal(CapSignatureState.Trusted, CapSignature.Verify(signed, [Of(rsa)], Then).State);
        Assert.Equal(CapSignatureState.Untrusted, CapSignature.Verify(signed, [], Then).State);
        Assert.Equal(CapSignatureState.Untrusted, CapSignature.Verify(signed, [Of(!rsa)], Then).State);
        Assert.Equal(CapSignatureState.Untrusted, CapSignature.Verify(signed, [Of(rsa)], Then.AddYears(30)).State);
        Assert.Equal(CapSignatureState.None, CapSignature.Verify(CapWriter.Write(CapSamples.Alert), [Of(rsa)], Then).State);
        string text = Encoding.UTF8.GetString(signed);
        foreach (string part in (string[])["Take shelter", "W3.1", "33.32,"])
        {
            string changed = text.Replace(part, part[..^1] + "9", StringComparison.Ordinal);
            Assert.NotEqual(text, changed);
            Assert.Equal(CapSignatureState.Broken, CapSignature.Verify(CapSamples.Utf8(changed), [Of(rsa)], Then).State);
        }
    }

    [Fact]
    public void A_signed_message_is_still_a_valid_message()
    {
        CapReading reading = CapParser.Parse(Signed(rsa: true));
        Assert.True(reading.Signed);
        Assert.Equal(CapSamples.Whole(CapSamples.Alert), CapSamples.Whole(reading.Alert!));
        string schema = SharedData.PathOrSkip("cap/schema/cap12.xsd");
        using var folder = new TempFolder();
        (int Exit, string Output)? run = CapSamples.Run("xmllint", "--noout", "--nonet", "--schema", schema, folder.File("signed.xml", Signed(rsa: true)));
        Assert.SkipWhen(run is null, "xmllint is not here");
        Assert.True(run.Value.Exit == 0, run.Value.Output);
    }

    [Fact]
    public void The_frameworks_own_verifier_agrees_both_ways()
    {
        XmlDocument xml = new() { PreserveWhitespace = true };
        xml.LoadXml(Encoding.UTF8.GetString(Signed(rsa: true)));
        SignedXml check = new(xml);
        check.LoadXml((XmlElement)xml.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!);
        Assert.True(check.CheckSignature(Rsa.Value, verifySignatureOnly: true));

        XmlDocument other = new() { PreserveWhitespace = true };
        other.LoadXml(Encoding.UTF8.GetString(CapWriter.Write(CapSamples.Alert)));
        using RSA key = Rsa.Value.GetRSAPrivateKey()!;
        SignedXml sign = new(other) { SigningKey = key };
        sign.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        Reference reference = new("");
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        sign.AddReference(reference);
        sign.KeyInfo.AddClause(new KeyInfoX509Data(Rsa.Value));
        sign.ComputeSignature();
        other.DocumentElement!.AppendChild(sign.GetXml());
        Assert.Equal(CapSignatureState.Trusted, CapSignature.Verify(CapSamples.Utf8(other.OuterXml), [Rsa.Value], Then).State);
    }

    [Theory]
    [InlineData("canada_signed.cap", CapSignatureState.Unsupported)]
    [InlineData("earthquake_signed.cap", CapSignatureState.Unsupported)]
    [InlineData("xee.cap", CapSignatureState.Broken)]
    public void Signatures_by_SHA1_of_2013_are_named_as_that(string file, CapSignatureState state) =>
        Assert.Equal(state, CapSignature.Verify(File.ReadAllBytes(SharedData.PathOrSkip("cap/google-cap-library/" + file)), [], Then).State);

    [Theory]
    [InlineData("Reference URI=\"\"", "Reference URI=\"#x\"")]
    [InlineData("#enveloped-signature", "#base64")]
    [InlineData("xmlenc#sha256", "xmldsig#sha1")]
    [InlineData("#rsa-sha256", "#hmac-sha256")]
    [InlineData("<Transforms>", "<Transforms><Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>")]
    public void Another_shape_of_signature_is_not_accepted(string right, string other)
    {
        string text = Encoding.UTF8.GetString(Signed(rsa: true));
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Equal(CapSignatureState.Unsupported, CapSignature.Verify(CapSamples.Utf8(text.Replace(right, other, StringComparison.Ordinal)), [Rsa.Value], Then).State);
    }

    [Fact]
    public void A_signed_message_wrapped_into_another_is_not_accepted()
    {
        string signed = Encoding.UTF8.GetString(Signed(rsa: true));
        string signature = signed[signed.IndexOf("<Signature", StringComparison.Ordinal)..signed.IndexOf("</alert>", StringComparison.Ordinal)];
        string forged = Encoding.UTF8.GetString(CapWriter.Write(CapSamples.Alert with { Identifier = "forged" })).Replace("</alert>", signature + "</alert>", StringComparison.Ordinal);
        Assert.Equal(CapSignatureState.Broken, CapSignature.Verify(CapSamples.Utf8(forged), [Rsa.Value], Then).State);
        string twice = signed.Replace("</alert>", signature + "</alert>", StringComparison.Ordinal);
        Assert.Equal(CapSignatureState.Unsupported, CapSignature.Verify(CapSamples.Utf8(twice), [Rsa.Value], Then).State);
    }

    [Fact]
    public void A_certificate_from_a_trusted_root_is_trusted()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=leaf", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 publicLeaf = request.Create(Rsa.Value, Then.AddDays(-1), Then.AddYears(1), [1, 2, 3]);
        using X509Certificate2 leaf = publicLeaf.CopyWithPrivateKey(key);
        byte[] signed = CapSignature.Sign(CapWriter.Write(CapSamples.Alert), leaf);
        Assert.Equal(CapSignatureState.Trusted, CapSignature.Verify(signed, [Rsa.Value], Then).State);
        Assert.Equal(CapSignatureState.Untrusted, CapSignature.Verify(signed, [Ecdsa.Value], Then).State);
    }

    [Fact]
    public void What_cannot_be_signed_is_said()
    {
        Assert.Throws<ArgumentException>(() => CapSignature.Sign(Signed(rsa: true), Rsa.Value));
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(Rsa.Value.RawData);
        Assert.Throws<ArgumentException>(() => CapSignature.Sign(CapWriter.Write(CapSamples.Alert), bare));
    }
}
