using System.Collections.Immutable;

namespace Tocsin.Formats.Cot;

/// <summary>Where an event is (WGS-84), and how far off that may be.</summary>
/// <param name="LatitudeDeg">Latitude in degrees, north positive.</param>
/// <param name="LongitudeDeg">Longitude in degrees, east positive.</param>
/// <param name="HeightM">Height above the ellipsoid (HAE) in metres; <see cref="UnknownM"/> where unknown.</param>
/// <param name="CircularErrorM">Radius (ce) in metres: of the area around the point that the event is about, or one sigma of an error;
/// <see cref="UnknownM"/> where unknown.</param>
/// <param name="LinearErrorM">Error of the height (le) in metres, one sigma; <see cref="UnknownM"/> where unknown.</param>
public readonly record struct CotPoint(double LatitudeDeg, double LongitudeDeg, double HeightM, double CircularErrorM, double LinearErrorM)
{
    /// <summary>What stands for a length that is not known.</summary>
    public const double UnknownM = 9_999_999;

    private const double LeastUnknownM = 999_999;

    /// <summary>Whether a length is known. Some programs write 999999 for unknown (the comments of the public protobuf definition do), others 9999999.</summary>
    public static bool IsKnown(double lengthM) => lengthM < LeastUnknownM;
}

/// <summary>One Cursor on Target event (MITRE, Event-PUBLIC.xsd, version 2.0).</summary>
/// <remarks>A value with one meaning in XML and in protobuf: times are cut to whole milliseconds from 1970 to 9999, as protobuf holds them;
/// texts hold what XML can hold; the detail's elements stand in the order of their names, those of one name in their own order, as
/// protobuf keeps the order of different elements no better.</remarks>
public sealed record CotEvent
{
    private const long TicksPerMillisecond = Instant.TicksPerSecond / 1000;
    private readonly ImmutableArray<CotElement> _detail = [];

    /// <summary>Identity of the thing: an event of the same uid replaces the one before it.</summary>
    public required string Uid { get; init => field = CotElement.Clean(value); }

    /// <summary>What it is, such as <c>a-h-A-W-M</c>.</summary>
    public required string Type { get; init => field = CotElement.Clean(value); }

    /// <summary>How its position came about, such as <c>m-p</c>: by a machine, predicted.</summary>
    public required string How { get; init => field = CotElement.Clean(value); }

    /// <summary>When the event was made.</summary>
    public required Instant Time { get; init => field = Whole(value); }

    /// <summary>From when it holds.</summary>
    public required Instant Start { get; init => field = Whole(value); }

    /// <summary>Until when it holds; equal to <see cref="Start"/> it deletes the thing.</summary>
    public required Instant Stale { get; init => field = Whole(value); }

    /// <summary>Where it is.</summary>
    public required CotPoint Point { get; init => field = Unsigned(value); }

    /// <summary>Who may see it; empty where nothing is said.</summary>
    public string Access { get; init => field = CotElement.Clean(value); } = "";

    /// <summary>Priority, overtaking and assurance, such as <c>9-r-g</c>; empty where nothing is said.</summary>
    public string Qos { get; init => field = CotElement.Clean(value); } = "";

    /// <summary>Operation (<c>o</c>), exercise (<c>e-name</c>) or simulation (<c>s-name</c>); empty where nothing is said.</summary>
    public string Opex { get; init => field = CotElement.Clean(value); } = "";

    /// <summary>The elements of the detail.</summary>
    public ImmutableArray<CotElement> Detail
    {
        get => _detail;
        init => _detail = value.IsDefaultOrEmpty ? [] : [.. value.OrderBy(e => e.Name, StringComparer.Ordinal)];
    }

    /// <summary>Earliest time of an event.</summary>
    public static Instant Earliest { get; } = new(0);

    /// <summary>Latest time of an event.</summary>
    public static Instant Latest { get; } = Whole(Text.InstantText.Latest);

    /// <summary>Whether the event deletes the thing that its uid names.</summary>
    public bool IsDelete => Start == Stale;

    /// <summary>The first element of the detail of a name; null where there is none.</summary>
    public CotElement? Element(string name) => Detail.FirstOrDefault(e => e.Name == name);

    /// <inheritdoc/>
    public bool Equals(CotEvent? other) => other is not null && Uid == other.Uid && Type == other.Type && How == other.How
        && Time == other.Time && Start == other.Start && Stale == other.Stale && Point == other.Point
        && Access == other.Access && Qos == other.Qos && Opex == other.Opex && Detail.AsSpan().SequenceEqual(other.Detail.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Uid, Type, Time, Start, Stale, Point, Detail.Length);

    /// <summary>The milliseconds since 1970 of an instant.</summary>
    internal static ulong Milliseconds(Instant time) => (ulong)(time.Ticks / TicksPerMillisecond);

    /// <summary>The instant of milliseconds since 1970; false where that is after the year 9999.</summary>
    internal static bool OfMilliseconds(ulong milliseconds, out Instant time)
    {
        time = milliseconds <= Milliseconds(Latest) ? new Instant((long)milliseconds * TicksPerMillisecond) : default;
        return milliseconds <= Milliseconds(Latest);
    }

    /// <summary>The point without negative zeros, which protobuf leaves out as zeros.</summary>
    private static CotPoint Unsigned(in CotPoint p) => new(p.LatitudeDeg + 0.0, p.LongitudeDeg + 0.0, p.HeightM + 0.0, p.CircularErrorM + 0.0, p.LinearErrorM + 0.0);

    private static Instant Whole(Instant time)
    {
        long ticks = Math.Clamp(time.Ticks, 0, Text.InstantText.Latest.Ticks);
        return new Instant(ticks - ticks % TicksPerMillisecond);
    }
}
