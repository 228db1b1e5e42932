namespace Tocsin.Yardstick;

/// <summary>The sets of raids, each with its own difficulty; a raid is a set's name and a seed.</summary>
internal static class Raids
{
    private static readonly LonLat Home = new(8, 46, 200);

    public static readonly (string Name, int Seeds)[] Sets =
    [
        ("plain", 6), ("hard", 4), ("boost", 4), ("wind", 4), ("curved", 4), ("quiet", 3), ("over", 4), ("rotating", 4), ("short", 4), ("shelter", 4), ("many", 1),
    ];

    public static Raid Make(string set, int number, ulong seed)
    {
        string name = $"{set}-{number}";
        Draws draws = new(seed, name);
        bool curved = set is "curved" or "rotating";
        Wind wind = set == "wind"
            ? new(draws.Uniform(3, 10), draws.Uniform(0, 2 * Math.PI), number % 2 == 0 ? draws.Uniform(0.1, 0.4) : 0, number % 2 == 0 ? draws.Uniform(-0.4, 0.4) : 0)
            : Wind.Calm;
        World world = new(new Frame(Home), curved, wind);
        Raid raid = new() { Name = name, World = world, DurationS = 600, TruthStepS = set == "many" ? 1 : 0.5 };
        AddZones(raid, set == "many" ? 1_000 : 300, set == "shelter" ? draws : null);
        AddRadars(raid, set, number, draws);
        switch (set)
        {
            case "quiet":
                for (int i = 0; i < 30; i++)
                    raid.Movers.Add(Movers.Bird($"B{i}", new(seed, $"{name}/bird{i}"), raid.DurationS));
                for (int i = 0; i < 14; i++)
                    raid.Movers.Add(Movers.Aircraft($"A{i}", i, new(seed, $"{name}/aircraft{i}"), raid.DurationS));
                return raid;
            case "hard":
                AddBattery(raid, draws, 12, Rocket(draws), 300);
                AddBattery(raid, draws, 10, Mortar(draws), 250);
                break;
            case "over":
                AddOver(raid, draws);
                break;
            case "short" or "shelter":
                AddShort(raid, draws);
                break;
            case "many":
                for (int i = 0; i < 1_000; i++)
                {
                    Recipe recipe = i % 2 == 0 ? Rocket(draws) : Mortar(draws);
                    AddAimed(raid, recipe, draws, draws.Uniform(0, 2 * Math.PI), new(draws.Uniform(-5_900, 5_900), draws.Uniform(-5_900, 5_900), 0), draws.Uniform(1, 11));
                }
                break;
            default:
                AddPlain(raid, draws, set == "boost");
                break;
        }
        raid.DurationS = Math.Ceiling(raid.Rounds.Max(r => r.Flight.ImpactS)) + 3;
        return raid;
    }

    private static void AddZones(Raid raid, double sideM, Draws? shelter)
    {
        for (int i = 0; i < 144; i++)
        {
            double e = (i / 12 - 6) * sideM, n = (i % 12 - 6) * sideM;
            double? time = shelter is null ? null : Math.Round(shelter.Uniform(5, 30));
            raid.Zones.Add(new($"Z{i / 12:00}{i % 12:00}", [(e, n), (e + sideM, n), (e + sideM, n + sideM), (e, n + sideM)], 50, time));
        }
    }

    private static void AddRadars(Raid raid, string set, int number, Draws draws)
    {
        if (set != "rotating")
        {
            raid.Radars.Add(new Radar("R1", default)
            {
                Detection = set == "hard" ? 0.75 : 0.9,
                Clutter = set switch { "hard" => 150, "many" => 10, "quiet" => 20 + 40 * (number - 1), _ => 20 },
                MinElevationDeg = set == "boost" ? 0.3 : 1,
            });
            return;
        }
        raid.Radars.Add(new Radar("R1", default)
        {
            Rotating = true,
            PeriodS = Math.Round(draws.Uniform(1, 2), 2),
            RangeSigmaM = 20,
            AngleSigmaRad = 0.002,
            RangeQuantumM = 2,
            AngleQuantumRad = 0.001,
            LateShare = 0.05,
            RepeatShare = 0.02,
            MaxRangeM = 20_000,
        });
        raid.Radars.Add(new Radar("R2", 2_500 * Vec3.Direction(draws.Uniform(0, 2 * Math.PI), 0))
        {
            PeriodS = 0.25,
            PhaseS = 0.07,
            RangeSigmaM = 10,
            AngleSigmaRad = 0.004,
            RangeRateSigmaMps = 0.7,
            RangeQuantumM = 2,
            AngleQuantumRad = 0.001,
            Detection = 0.8,
            Clutter = 10,
            DelayS = 0.12,
            LateShare = 0.03,
            RepeatShare = 0.02,
            MaxRangeM = 10_000,
        });
    }

    /// <summary>What is drawn for a round before its place: everything but the bearing and the aim point.</summary>
    private sealed record Recipe(string Kind, Curve Curve, double BallisticCoefficient, double SpeedMps, double ElevationRad);

    private static Recipe Rocket(Draws draws)
    {
        double speed = draws.Uniform(280, 600);
        return new("rocket", Curves.Rockets[draws.Index(Curves.Rockets.Length)].Normalised(speed / 340), draws.Uniform(3_000, 9_000), speed, Degrees(draws, 30, 58));
    }

    private static Recipe Mortar(Draws draws)
    {
        double speed = draws.Uniform(150, 320);
        return new("mortar", Curves.Mortars[draws.Index(Curves.Mortars.Length)].Normalised(speed / 340), draws.Uniform(3_000, 9_000), speed, Degrees(draws, 45, 75));
    }

    private static double Degrees(Draws draws, double low, double high) => draws.Uniform(low, high) * Math.PI / 180;

    private static Vec3 AimPoint(Draws draws) => new(Math.Clamp(draws.Normal(0, 800), -1_750, 1_750), Math.Clamp(draws.Normal(0, 800), -1_750, 1_750), 0);

    private static void AddPlain(Raid raid, Draws draws, bool boost)
    {
        double rockets = draws.Uniform(0, 2 * Math.PI), mortars = rockets + draws.Uniform(0.5, 3);
        for (int i = 0; i < 22; i++)
        {
            bool rocket = boost || i < 12;
            double bearing = (rocket ? rockets : mortars) + draws.Normal(0, 0.15), time = 2 + (i < 12 ? 0.75 * i : 0) + draws.Uniform(0, i < 12 ? 0.75 : 12);
            Vec3 aim = AimPoint(draws);
            Round? round;
            do
                round = Aimed(raid, rocket ? Rocket(draws) : Mortar(draws), draws, bearing, aim, time, boost);
            while (round is null || round.Launch.Position.Length < 2_500 || round.Launch.Position.Length > (boost ? 9_000 : 13_500));
            raid.Rounds.Add(round);
        }
    }

    private static void AddAimed(Raid raid, Recipe recipe, Draws draws, double bearingRad, Vec3 aim, double timeS)
    {
        if (Aimed(raid, recipe, draws, bearingRad, aim, timeS, boost: false) is { } round)
            raid.Rounds.Add(round);
    }

    /// <summary>Flies a round once to learn how far it goes, moves its launch back by that, and flies it again.</summary>
    private static Round? Aimed(Raid raid, Recipe recipe, Draws draws, double bearingRad, Vec3 aim, double timeS, bool boost)
    {
        Vec3 direction = Vec3.Direction(bearingRad + Math.PI, recipe.ElevationRad);
        double thrust = 0, burn = 0, muzzle = recipe.SpeedMps;
        if (boost)
        {
            muzzle = 30;
            thrust = draws.Uniform(100, 400);
            burn = Math.Round(Math.Clamp((recipe.SpeedMps - muzzle) / thrust, 0.5, 2.5), 2);
        }
        Launch launch = new(Math.Round(timeS, 3), aim, muzzle * direction, recipe.Curve, recipe.BallisticCoefficient, thrust, burn);
        Flight flight = Flight.Fly(raid.World, launch);
        for (int i = 0; i < 2; i++)
        {
            Vec3 start = launch.Position + (aim - flight.Impact);
            launch = launch with { Position = start with { Z = start.Z - raid.World.Height(start) } };
            flight = Flight.Fly(raid.World, launch);
        }
        return double.IsFinite(flight.ImpactS) ? new($"O{raid.Rounds.Count}", recipe.Kind, launch, flight) : null;
    }

    /// <summary>One battery: the same recipe from one place, with a round-to-round spread and short intervals.</summary>
    private static void AddBattery(Raid raid, Draws draws, int count, Recipe recipe, double spreadM)
    {
        double bearing = draws.Uniform(0, 2 * Math.PI), time = 2;
        for (int i = 0; i < count; i++)
        {
            time += draws.Uniform(0.15, 0.35);
            Recipe one = recipe with
            {
                SpeedMps = recipe.SpeedMps * (1 + 0.01 * draws.Normal()),
                BallisticCoefficient = recipe.BallisticCoefficient * (1 + 0.02 * draws.Normal()),
            };
            AddAimed(raid, one, draws, bearing + draws.Normal(0, 0.03), new(spreadM * draws.Normal(), spreadM * draws.Normal(), 0), time);
        }
    }

    /// <summary>Rounds that pass over and land more than a kilometre beyond every zone, and rounds that fall as far short.</summary>
    private static void AddOver(Raid raid, Draws draws)
    {
        double bearing = draws.Uniform(0, 2 * Math.PI);
        while (raid.Rounds.Count < 22)
        {
            bool beyond = raid.Rounds.Count % 3 != 2;
            double from = bearing + draws.Normal(0, 0.1), distance = draws.Uniform(3_700, 6_000);
            Vec3 aim = (beyond ? -distance : distance) * Vec3.Direction(from, 0) + draws.Normal(0, 300) * Vec3.Direction(from + Math.PI / 2, 0);
            bool clear = raid.Zones.TrueForAll(z => Polygon.Distance(z.Ring, aim.X, aim.Y) > 1_000);
            Round? round = clear ? Aimed(raid, draws.Chance(0.5) ? Rocket(draws) : Mortar(draws), draws, from, aim, 2 + draws.Uniform(0, 12), boost: false) : null;
            double start = round?.Launch.Position.Length ?? 0;
            // Beyond means that the whole site was overflown: launched on the other side of it.
            if (round is not null && start < 13_500 && (!beyond || round.Launch.Position.Dot(aim) < 0) && start > 3_000)
                raid.Rounds.Add(round);
        }
    }

    /// <summary>Mortars from 2 to 4 km with 15 to 25 s of flight.</summary>
    private static void AddShort(Raid raid, Draws draws)
    {
        double bearing = draws.Uniform(0, 2 * Math.PI), time = 2;
        while (raid.Rounds.Count < 12)
        {
            Recipe recipe = Mortar(draws) with { SpeedMps = draws.Uniform(120, 230), ElevationRad = Degrees(draws, 30, 60) };
            Round? round = Aimed(raid, recipe, draws, bearing + draws.Normal(0, 0.3), AimPoint(draws), time, boost: false);
            if (round is null)
                continue;
            double flown = (round.Flight.Impact - round.Launch.Position).Length, lasted = round.Flight.ImpactS - round.Flight.StartS;
            if (flown is < 2_000 or > 4_000 || lasted is < 15 or > 25)
                continue;
            raid.Rounds.Add(round);
            time += draws.Uniform(0.5, 4);
        }
    }
}
