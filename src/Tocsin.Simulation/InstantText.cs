using System.Globalization;

namespace Tocsin.Simulation;

/// <summary>Reads instants as <see cref="Instant.ToString"/> writes them: RFC 3339, UTC only.</summary>
internal static class InstantText
{
    public static bool TryParse(string text, out Instant instant)
    {
        instant = default;
        if (!text.EndsWith('Z')) return false;
        if (!DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset utc)) return false;
        instant = new(utc.UtcTicks - DateTime.UnixEpoch.Ticks);
        return true;
    }
}
