using Tocsin.Yardstick;

namespace Tocsin.Load;

/// <summary>One round in the air.</summary>
internal sealed record FlyingRound(int Number, Flight Shape, double StartS, double BearingRad, Vec3 Origin)
{
    public double ImpactS => StartS + Shape.ImpactS;

    /// <summary>When its first plot was sent, in POSIX seconds; NaN before.</summary>
    public double FirstPlotS { get; set; } = double.NaN;

    /// <summary>Where it is, in the site's axes.</summary>
    public Vec3 At(double timeS)
    {
        Vec3 p = Shape.At(timeS - StartS).P;
        (double s, double c) = Math.SinCos(BearingRad);
        // The shapes fly north; a bearing turns clockwise.
        return Origin + new Vec3(p.Y * s, p.Y * c, p.Z);
    }
}

/// <summary>Keeps a number of rounds in the air: as one comes down another is fired.</summary>
/// <remarks>The world is flat, so a flight may be turned and moved: a few shapes are flown beforehand. Lives differ, and the first rounds begin anywhere in
/// their flight, so that the launches are spread evenly.</remarks>
internal sealed class Rounds
{
    private const int Shapes = 24;
    private readonly Flight[] _shapes = new Flight[Shapes];
    private readonly Draws _draws;
    private readonly List<FlyingRound> _flying = [];
    private readonly List<FlyingRound> _all = [];
    private readonly int _wanted;
    private readonly int? _favourite;

    /// <param name="site">Where.</param>
    /// <param name="wanted">Rounds in the air at once.</param>
    /// <param name="favourite">A zone that every eighth round is aimed at; null for none.</param>
    /// <param name="seed">The seed of all draws.</param>
    public Rounds(LoadSite site, int wanted, int? favourite, ulong seed)
    {
        (_wanted, _favourite, _draws) = (wanted, favourite, new Draws(seed, "rounds"));
        for (int i = 0; i < Shapes; i++)
        {
            double speed = _draws.Uniform(190, 260), elevation = _draws.Uniform(32, 50) * Math.PI / 180;
            _shapes[i] = Flight.Fly(site.World, new(0, new(0, 0, 1), speed * Vec3.Direction(0, elevation), Curves.Constant, _draws.Uniform(6_000, 12_000)), step: 0.02);
        }
    }

    public IReadOnlyList<FlyingRound> Flying => _flying;

    /// <summary>Every round so far.</summary>
    public IReadOnlyList<FlyingRound> All => _all;

    /// <summary>Goes on to a time.</summary>
    public void To(double timeS)
    {
        bool first = _all.Count == 0;
        _flying.RemoveAll(r => r.ImpactS <= timeS);
        while (_flying.Count < _wanted)
        {
            Flight shape = _shapes[_draws.Index(Shapes)];
            int zone = _favourite is { } f && _all.Count % 8 == 0 ? f : _draws.Index(LoadSite.Zones);
            double bearing = _draws.Uniform(0, 2 * Math.PI), half = LoadSite.ZoneSideM / 2;
            Vec3 aim = LoadSite.Middle(zone) + new Vec3(_draws.Uniform(-half, half), _draws.Uniform(-half, half), 0);
            double started = first ? timeS - _draws.Uniform() * shape.ImpactS : timeS;
            var round = new FlyingRound(_all.Count, shape, started, bearing, aim - shape.Impact.Y * Vec3.Direction(bearing, 0));
            _flying.Add(round);
            _all.Add(round);
        }
    }
}
