namespace Tocsin.Yardstick;

/// <summary>One round of a raid and its flown path.</summary>
internal sealed record Round(string Id, string Kind, Launch Launch, Flight Flight);

/// <summary>A bird or an aircraft: samples at a fixed step.</summary>
internal sealed class Mover(string id, string kind, double startS, double stepS, double detection, List<(Vec3 P, Vec3 V)> samples)
{
    public string Id => id;

    public string Kind => kind;

    public double StartS => startS;

    public double EndS => startS + (samples.Count - 1) * stepS;

    public double Detection => detection;

    public (Vec3 P, Vec3 V) At(double timeS)
    {
        double x = Math.Clamp((timeS - startS) / stepS, 0, samples.Count - 1.000001);
        int i = (int)x;
        double u = x - i;
        return (Vec3.Hermite(samples[i].P, samples[i].V, samples[i + 1].P, samples[i + 1].V, stepS, u), samples[i].V + u * (samples[i + 1].V - samples[i].V));
    }
}

/// <summary>A zone of the site: its ring in metres east and north of the site's origin.</summary>
internal sealed record Zone(string Id, (double E, double N)[] Ring, double Population, double? TimeToShelterS);

/// <summary>Everything that happens at one site during one file, before a radar looks at it.</summary>
internal sealed class Raid
{
    public required string Name { get; init; }

    public required World World { get; init; }

    public required double DurationS { get; set; }

    public List<Radar> Radars { get; } = [];

    public List<Zone> Zones { get; } = [];

    public List<Round> Rounds { get; } = [];

    public List<Mover> Movers { get; } = [];

    /// <summary>Spacing of the truth's states.</summary>
    public double TruthStepS { get; init; } = 0.5;
}
