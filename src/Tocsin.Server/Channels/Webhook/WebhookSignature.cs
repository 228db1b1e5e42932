using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Server.Channels.Webhook;

/// <summary>How a webhook's body is signed: HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the time-stamp, a full stop and the body, keyed with the shared secret in UTF-8.</summary>
public static class WebhookSignature
{
    /// <summary>Header with the POSIX seconds of the try: signed, so that an old request cannot be played again.</summary>
    public const string TimestampHeader = "X-Tocsin-Timestamp";

    /// <summary>Header with the signature: <c>v1=</c> and 64 lower-case hexadecimal digits.</summary>
    public const string SignatureHeader = "X-Tocsin-Signature";

    /// <summary>Header with the warning's identity, a full stop and the revision: the same in every try, so that a repeat is recognised.</summary>
    public const string DeliveryHeader = "X-Tocsin-Delivery";

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="timestampS">The value of <see cref="TimestampHeader"/>.</param>
    /// <param name="body">The body, byte by byte as it is sent.</param>
    public static string Of(string secret, long timestampS, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(timestampS.ToString(CultureInfo.InvariantCulture) + "."));
        hmac.AppendData(body);
        return "v1=" + Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
