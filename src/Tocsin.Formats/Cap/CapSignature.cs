using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;

namespace Tocsin.Formats.Cap;

/// <summary>What is known of a document's signature.</summary>
public enum CapSignatureState
{
    /// <summary>There is none.</summary>
    None,
    /// <summary>It holds, and its certificate is trusted.</summary>
    Trusted,
    /// <summary>It holds, but nobody here vouches for its certificate.</summary>
    Untrusted,
    /// <summary>It does not hold: the document was changed, or the signature is malformed.</summary>
    Broken,
    /// <summary>It uses what is not accepted here, such as SHA-1.</summary>
    Unsupported,
}

/// <summary>The result of looking at a signature.</summary>
/// <param name="State">What is known.</param>
/// <param name="Reason">Why, in words; empty where it is trusted.</param>
/// <param name="Subject">The subject of the certificate; null where there is none to be read.</param>
public sealed record CapSignatureCheck(CapSignatureState State, string Reason, string? Subject);

/// <summary>The enveloped XML signature of a CAP document (CAP 1.2, section 3.3.4.1; XML Signature Syntax and Processing 1.1).</summary>
/// <remarks>One shape alone is written and accepted: one Signature, the last element in alert, over the whole document (URI=""), enveloped transform and then
/// exclusive canonicalisation (RFC 3741), SHA-256, RSA (PKCS #1) or ECDSA, the certificate in KeyInfo. What signatures can do beyond that is where
/// their weaknesses lie: references elsewhere, stylesheets, keyed hashes whose key is the public key.</remarks>
public static class CapSignature
{
    private const string Ds = CapXml.SignatureNamespace;
    private const string Enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    private const string ExclusiveC14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
    private const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
    private const string RsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    private const string EcdsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

    /// <summary>Bits of an RSA key below which a signature is not accepted.</summary>
    public const int MinRsaBits = 2048;

    /// <summary>Signs a document that has no signature yet.</summary>
    /// <param name="document">A CAP document, as <see cref="CapWriter.Write"/> gives it.</param>
    /// <param name="certificate">A certificate with its private key, RSA or ECDSA.</param>
    /// <param name="chain">Certificates between it and the root, put into the signature for those who check it.</param>
    /// <exception cref="ArgumentException">The certificate has no private key of these kinds, or the document is signed already.</exception>
    public static byte[] Sign(ReadOnlyMemory<byte> document, X509Certificate2 certificate, IEnumerable<X509Certificate2>? chain = null)
    {
        XmlDocument xml = Load(document);
        if (Signatures(xml).Count > 0) throw new ArgumentException("the document is signed already", nameof(document));
        using RSA? rsa = certificate.GetRSAPrivateKey();
        using ECDsa? ecdsa = rsa is null ? certificate.GetECDsaPrivateKey() : null;
        if (rsa is null && ecdsa is null) throw new ArgumentException("the certificate has no private key that is RSA or ECDSA", nameof(certificate));

        string digest = Convert.ToBase64String(SHA256.HashData(Canonical(xml)));
        string info = $"""<SignedInfo xmlns="{Ds}"><CanonicalizationMethod Algorithm="{ExclusiveC14N}"></CanonicalizationMethod><SignatureMethod Algorithm="{(rsa is null ? EcdsaSha256 : RsaSha256)}"></SignatureMethod><Reference URI=""><Transforms><Transform Algorithm="{Enveloped}"></Transform><Transform Algorithm="{ExclusiveC14N}"></Transform></Transforms><DigestMethod Algorithm="{Sha256}"></DigestMethod><DigestValue>{digest}</DigestValue></Reference></SignedInfo>""";
        var signedInfo = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        signedInfo.LoadXml(info);
        byte[] what = Canonical(signedInfo);
        byte[] value = rsa is not null ? rsa.SignData(what, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : ecdsa!.SignData(what, HashAlgorithmName.SHA256);

        XmlElement signature = xml.CreateElement("Signature", Ds);
        signature.AppendChild(xml.ImportNode(signedInfo.DocumentElement!, deep: true));
        signature.AppendChild(Element(xml, "SignatureValue", Convert.ToBase64String(value)));
        XmlElement keyInfo = xml.CreateElement("KeyInfo", Ds), data = xml.CreateElement("X509Data", Ds);
        foreach (X509Certificate2 c in (chain ?? []).Prepend(certificate)) data.AppendChild(Element(xml, "X509Certificate", Convert.ToBase64String(c.RawData)));
        keyInfo.AppendChild(data);
        signature.AppendChild(keyInfo);
        xml.DocumentElement!.AppendChild(signature);
        return Encoding.UTF8.GetBytes(xml.OuterXml);
    }

    /// <summary>Looks whether a document's signature holds and whose it is. Never throws for a bad document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="trusted">Certificates that are trusted: the signer's own, or roots that the signer's leads to by the certificates in the signature.</param>
    /// <param name="at">When the certificate must be valid; revocation is not asked, as that would call other machines.</param>
    public static CapSignatureCheck Verify(ReadOnlyMemory<byte> document, IReadOnlyCollection<X509Certificate2> trusted, DateTimeOffset at)
    {
        // The guards of the parser come first: they bound the size, the depth and the number of elements.
        if (CapXml.Read(document, out _, out bool signed, out CapProblem? problem) is null) return new(CapSignatureState.Broken, problem?.Says ?? "the document is empty", null);
        if (!signed) return new(CapSignatureState.None, "the document has no signature", null);
        try
        {
            return Verify(Load(document), trusted, at);
        }
        catch (Exception e) when (CapXml.IsOfInput(e) || e is CryptographicException or FormatException)
        {
            return new(CapSignatureState.Broken, "the signature is malformed", null);
        }
    }

    private static CapSignatureCheck Verify(XmlDocument xml, IReadOnlyCollection<X509Certificate2> trusted, DateTimeOffset at)
    {
        List<XmlElement> all = Signatures(xml);
        if (all.Count != 1 || all[0].ParentNode != xml.DocumentElement) return new(CapSignatureState.Unsupported, "there is more than one signature", null);
        XmlElement signature = all[0];
        if (Shape(signature, out XmlElement signedInfo, out string method, out byte[] digest) is { } reason) return new(CapSignatureState.Unsupported, reason, null);
        byte[] value = Convert.FromBase64String(Only(signature, "SignatureValue").InnerText);
        List<X509Certificate2> certificates = Certificates(signature);
        try
        {
            if (certificates.Count == 0) return new(CapSignatureState.Unsupported, "the signature carries no certificate", null);
            string subject = InputError.OneLine(certificates[0].Subject);
            var alone = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            alone.AppendChild(alone.ImportNode(signedInfo, deep: true));
            if (!Holds(certificates[0], method, Canonical(alone), value, out string? weak)) return new(weak is null ? CapSignatureState.Broken : CapSignatureState.Unsupported, weak ?? "the signature's value does not fit its certificate", subject);
            signature.ParentNode!.RemoveChild(signature);
            if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Canonical(xml)), digest)) return new(CapSignatureState.Broken, "the document was changed after it was signed", subject);
            return Trust(certificates, trusted, at) is { } doubt ? new(CapSignatureState.Untrusted, doubt, subject) : new(CapSignatureState.Trusted, "", subject);
        }
        finally
        {
            foreach (X509Certificate2 c in certificates) c.Dispose();
        }
    }

    /// <summary>Takes a signature apart; gives the reason where it is not of the one shape.</summary>
    private static string? Shape(XmlElement signature, out XmlElement signedInfo, out string method, out byte[] digest)
    {
        signedInfo = Only(signature, "SignedInfo");
        digest = [];
        method = Algorithm(signedInfo, "SignatureMethod");
        if (method is not (RsaSha256 or EcdsaSha256)) return $"its method is {InputError.OneLine(method)}; RSA or ECDSA with SHA-256 is accepted";
        if (Algorithm(signedInfo, "CanonicalizationMethod") != ExclusiveC14N) return "its canonicalisation is not the exclusive one";
        if (Only(signedInfo, "CanonicalizationMethod").ChildNodes.OfType<XmlElement>().Any()) return "its canonicalisation has parameters";
        XmlElement reference = Only(signedInfo, "Reference");
        if (!reference.HasAttribute("URI") || reference.GetAttribute("URI").Length > 0) return "it does not sign the whole document";
        List<XmlElement> transforms = Children(Only(reference, "Transforms"), "Transform");
        if (transforms.Count != 2 || transforms[0].GetAttribute("Algorithm") != Enveloped || transforms[1].GetAttribute("Algorithm") != ExclusiveC14N ||
            transforms.Any(static t => t.ChildNodes.OfType<XmlElement>().Any())) return "its transforms are not the enveloped one and exclusive canonicalisation";
        if (Algorithm(reference, "DigestMethod") != Sha256) return "its digest is not SHA-256";
        digest = Convert.FromBase64String(Only(reference, "DigestValue").InnerText);
        return null;
    }

    private static bool Holds(X509Certificate2 certificate, string method, byte[] what, byte[] value, out string? weak)
    {
        weak = null;
        if (method == RsaSha256)
        {
            using RSA? rsa = certificate.GetRSAPublicKey();
            if (rsa is not null && rsa.KeySize < MinRsaBits) weak = $"its RSA key has {rsa.KeySize} bits; {MinRsaBits} at least are accepted";
            return rsa is not null && weak is null && rsa.VerifyData(what, value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        using ECDsa? ecdsa = certificate.GetECDsaPublicKey();
        return ecdsa is not null && ecdsa.VerifyData(what, value, HashAlgorithmName.SHA256);
    }

    private static string? Trust(List<X509Certificate2> certificates, IReadOnlyCollection<X509Certificate2> trusted, DateTimeOffset at)
    {
        X509Certificate2 signer = certificates[0];
        if (at.UtcDateTime < signer.NotBefore.ToUniversalTime() || at.UtcDateTime > signer.NotAfter.ToUniversalTime()) return "its certificate is not valid at this time";
        if (trusted.Any(t => t.RawData.AsSpan().SequenceEqual(signer.RawData))) return null;
        if (trusted.Count == 0) return "no certificate is trusted here";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(certificates.Skip(1).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(signer) ? null : "its certificate does not lead to one that is trusted";
    }

    private static List<X509Certificate2> Certificates(XmlElement signature)
    {
        List<X509Certificate2> found = [];
        foreach (XmlElement keyInfo in Children(signature, "KeyInfo"))
            foreach (XmlElement data in Children(keyInfo, "X509Data"))
                foreach (XmlElement c in Children(data, "X509Certificate"))
                    found.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(c.InnerText)));
        return found;
    }

    /// <summary>Exclusive canonical form without comments. A document of its own gives the same bytes for SignedInfo as its place in the message,
    /// which is what exclusive canonicalisation is for.</summary>
    private static byte[] Canonical(XmlDocument xml)
    {
        var transform = new XmlDsigExcC14NTransform();
        transform.LoadInput(xml);
        using var to = new MemoryStream();
        ((Stream)transform.GetOutput(typeof(Stream))).CopyTo(to);
        return to.ToArray();
    }

    private static XmlDocument Load(ReadOnlyMemory<byte> document)
    {
        var xml = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        using var reader = XmlReader.Create(new MemoryStream(document.ToArray(), writable: false), CapXml.GuardedSettings);
        xml.Load(reader);
        return xml;
    }

    private static List<XmlElement> Signatures(XmlDocument xml) => [.. xml.GetElementsByTagName("Signature", Ds).OfType<XmlElement>()];

    private static List<XmlElement> Children(XmlElement parent, string name) =>
        [.. parent.ChildNodes.OfType<XmlElement>().Where(e => e.LocalName == name && e.NamespaceURI == Ds)];

    private static XmlElement Only(XmlElement parent, string name) =>
        Children(parent, name) is [XmlElement one] ? one : throw new FormatException($"{name} is not there exactly once");

    private static string Algorithm(XmlElement parent, string name) => Only(parent, name).GetAttribute("Algorithm");

    private static XmlElement Element(XmlDocument xml, string name, string text)
    {
        XmlElement e = xml.CreateElement(name, Ds);
        e.InnerText = text;
        return e;
    }
}
