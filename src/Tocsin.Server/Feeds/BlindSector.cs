using System.Collections.Immutable;
using Tocsin.Geodesy;

namespace Tocsin.Server.Feeds;

/// <summary>Says in words what part of a site's surroundings some of its sensors alone cover: which rounds may not be seen without them.</summary>
/// <remarks>Coverage is taken as a disc of the sensor's largest range on the ground; terrain, the lowest elevation and the zenith are left out, so that
/// a disc says more than a radar sees. Bearings are counted from the middle of the site's zones (of its sensors where it has none). For operators only:
/// a blind sector is never public.</remarks>
internal sealed class BlindSector
{
    private const int Bearings = 128, Rings = 40, Winds = 16;
    private static readonly string[] s_winds =
    [
        "north", "north-north-east", "north-east", "east-north-east", "east", "east-south-east", "south-east", "south-south-east",
        "south", "south-south-west", "south-west", "west-south-west", "west", "west-north-west", "north-west", "north-north-west",
    ];

    private readonly ImmutableArray<(double East, double North, double Range)> _discs;
    private readonly double _east, _north;

    public BlindSector(SiteDefinition site)
    {
        _discs = [.. site.Sensors.Select(s => (Enu: site.Frame.ToEnu(s.Position), s.MaxRangeM)).Select(s => (s.Enu.East, s.Enu.North, s.MaxRangeM))];
        if (site.Zones.Length > 0)
        {
            _east = site.Zones.Average(z => (z.Area.MinEastM + z.Area.MaxEastM) / 2);
            _north = site.Zones.Average(z => (z.Area.MinNorthM + z.Area.MaxNorthM) / 2);
        }
        else if (_discs.Length > 0) (_east, _north) = (_discs.Average(d => d.East), _discs.Average(d => d.North));
    }

    /// <summary>The part that only the missing sensors cover: "from the north-west to the east, out to 14 km"; empty where others cover it all.</summary>
    /// <param name="missing">Whether a sensor, by its index, is one of the missing whose part is asked for.</param>
    /// <param name="works">Whether a sensor works, and so covers its disc.</param>
    public string Describe(Func<int, bool> missing, Func<int, bool> works)
    {
        bool[] blind = new bool[Bearings];
        double near = double.PositiveInfinity, far = 0, reach = 0;
        foreach ((double east, double north, double range) in _discs) reach = Math.Max(reach, Distance(east, north) + range);
        for (int b = 0; b < Bearings; b++)
        {
            (double sin, double cos) = Math.SinCos(b * 2 * Math.PI / Bearings);
            for (int r = 1; r <= Rings; r++)
            {
                double distance = reach * r / Rings, east = _east + distance * sin, north = _north + distance * cos;
                if (!Covered(east, north, missing) || Covered(east, north, works)) continue;
                blind[b] = true;
                near = Math.Min(near, r == 1 ? 0 : distance);
                far = Math.Max(far, distance);
            }
        }
        if (far == 0) return "";
        string from = near > 0.05 * reach ? $"between {Kilometres(near)} and {Kilometres(far)} km" : $"out to {Kilometres(far)} km";
        return $"{Arcs(blind)}, {from}";
    }

    /// <summary>Bearings in words; for tests of their own.</summary>
    internal static string Arcs(ReadOnlySpan<bool> blind)
    {
        int start = blind.IndexOf(false);
        if (start < 0) return "from all sides";
        List<string> arcs = [];
        for (int i = 1; i <= blind.Length; i++)
        {
            int at = (start + i) % blind.Length;
            if (!blind[at]) continue;
            int length = 0;
            while (blind[(at + length) % blind.Length]) length++;
            string first = Wind(at, blind.Length), last = Wind(at + length - 1, blind.Length);
            arcs.Add(first == last ? $"from the {first}" : $"from the {first} to the {last}");
            i += length;
        }
        return arcs.Count <= 3 ? string.Join(" and ", arcs) : "from many sides";
    }

    private bool Covered(double east, double north, Func<int, bool> by)
    {
        for (int i = 0; i < _discs.Length; i++)
        {
            (double e, double n, double range) = _discs[i];
            if ((east - e) * (east - e) + (north - n) * (north - n) <= range * range && by(i)) return true;
        }
        return false;
    }

    private double Distance(double east, double north) => Math.Sqrt((east - _east) * (east - _east) + (north - _north) * (north - _north));

    private static string Wind(int bearing, int bearings) => s_winds[(int)Math.Round((double)(bearing % bearings) * Winds / bearings, MidpointRounding.AwayFromZero) % Winds];

    private static string Kilometres(double metres) => metres < 2_000 ? $"{metres / 1000:0.#}" : $"{metres / 1000:0}";
}
