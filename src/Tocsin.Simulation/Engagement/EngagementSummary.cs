using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Engagement;

/// <summary>What a simulated defence did in one run, beside the truth. Rounds are counted in <see cref="RoundCounts"/> as fired and threatening; here as engaged, neutralised and unknown.</summary>
/// <remarks>Nothing here is a claim about a real effector: the figures follow from the scenario's own, which are chosen.</remarks>
public sealed record EngagementSummary
{
    /// <summary>The summary of a run without effectors.</summary>
    public static EngagementSummary None { get; } = new();

    /// <summary>Whether the run had any effector.</summary>
    public bool HasEffectors { get; init; }

    /// <summary>Rounds at which at least one burst or interceptor was fired.</summary>
    public int Engaged { get; init; }

    /// <summary>Rounds that were neutralised in truth.</summary>
    public int Neutralised { get; init; }

    /// <summary>Engaged rounds that the fire control believes neutralised, from their tracks.</summary>
    public int BelievedNeutralised { get; init; }

    /// <summary>Engaged rounds that it believes to have survived.</summary>
    public int BelievedSurvived { get; init; }

    /// <summary>Engaged rounds of which it does not know.</summary>
    public int Unknown { get; init; }

    /// <summary>Rounds believed neutralised that were not.</summary>
    public int WronglyBelievedNeutralised { get; init; }

    /// <summary>Rounds believed to have survived that were neutralised.</summary>
    public int WronglyBelievedSurvived { get; init; }

    /// <summary>Tracks that threatened a zone or an asset, as the fire control saw it.</summary>
    public int ThreateningTracks { get; init; }

    /// <summary>Those of them that were engaged.</summary>
    public int EngagedTracks { get; init; }

    /// <summary>Bursts and interceptors at where no round was.</summary>
    public int EngagementsOfNothing { get; init; }

    /// <summary>Bursts fired.</summary>
    public int Bursts { get; init; }

    /// <summary>Shells fired.</summary>
    public int Shells { get; init; }

    /// <summary>Interceptors launched.</summary>
    public int Interceptors { get; init; }

    /// <summary>Median over the bursts of how near the nearest shell passed the round's middle, metres; null without a burst at a round.</summary>
    public double? NearestPassMedianM { get; init; }

    /// <summary>Rounds that the fire control expected to neutralise: the sum of its own kill probabilities. Beside <see cref="Neutralised"/> it says how well it knows itself.</summary>
    public double ExpectedNeutralised { get; init; }

    /// <summary>Harm that the fire control expected to avert, people hurt.</summary>
    public double ExpectedAverted { get; init; }

    /// <summary>Harm that it expected to cause below, people hurt.</summary>
    public double ExpectedCaused { get; init; }

    /// <summary>Threatening tracks never engaged because the harm expected below exceeded the harm expected to be averted.</summary>
    public int HeldForPeople { get; init; }

    /// <summary>Those never engaged because an aircraft was near the line of fire.</summary>
    public int HeldForAircraft { get; init; }

    /// <summary>Those never engaged because of a no-fire sector.</summary>
    public int HeldForSector { get; init; }

    /// <summary>Those never engaged because something stood in the way, or they were too low.</summary>
    public int HeldForSight { get; init; }

    /// <summary>Those never engaged because nothing was left to fire.</summary>
    public int OutOfStock { get; init; }

    /// <summary>Those never engaged because they never came within reach of what was ready.</summary>
    public int OutOfReach { get; init; }

    /// <summary>Those that no effector had time to consider.</summary>
    public int NeverConsidered { get; init; }

    /// <summary>Shells that came down whole, in expectation.</summary>
    public double BlindShells { get; init; }

    /// <summary>Fragments of shells that came down, in expectation.</summary>
    public double FallenFragments { get; init; }

    /// <summary>Pieces of neutralised rounds that came down.</summary>
    public double DebrisPieces { get; init; }

    /// <summary>What the defence let fall, by zone: those under which anything came down, and at last what came down in none.</summary>
    public IReadOnlyList<ZoneFootprint> Footprint { get; init; } = [];

    /// <summary>The figures as columns of a campaign's tables; all null where the run had no effector.</summary>
    public IEnumerable<RunMeasure> Measures()
    {
        double? Of(double? value) => HasEffectors ? value : null;
        RunMeasure Count(string column, string means, int value) => new(column, means, Of(value), IsCount: true);
        // rounds_engaged and rounds_neutralised are the score's columns.
        yield return Count("believed_neutralised_rounds", "Engaged rounds that the fire control believes neutralised.", BelievedNeutralised);
        yield return Count("believed_survived_rounds", "Engaged rounds that the fire control believes to have survived.", BelievedSurvived);
        yield return Count("unknown_rounds", "Engaged rounds of which the fire control does not know what came of them.", Unknown);
        yield return Count("wrongly_believed_neutralised_rounds", "Rounds believed neutralised that were not.", WronglyBelievedNeutralised);
        yield return Count("wrongly_believed_survived_rounds", "Rounds believed to have survived that were neutralised.", WronglyBelievedSurvived);
        yield return Count("threatening_tracks", "Tracks that threatened a zone or an asset, as the fire control saw it.", ThreateningTracks);
        yield return Count("engaged_tracks", "Threatening tracks that were engaged.", EngagedTracks);
        yield return Count("engagements_of_nothing", "Bursts and interceptors at where no round was.", EngagementsOfNothing);
        yield return Count("bursts", "Bursts fired.", Bursts);
        yield return Count("shells", "Shells fired.", Shells);
        yield return Count("interceptors", "Interceptors launched.", Interceptors);
        yield return new("nearest_pass_median_m", "Median over the bursts of how near the nearest shell passed the round's middle.", Of(NearestPassMedianM));
        yield return new("expected_neutralised_rounds", "Rounds that the fire control expected to neutralise: the sum of its own kill probabilities.", Of(ExpectedNeutralised));
        yield return new("expected_averted_people", "Harm that the fire control expected to avert, people hurt.", Of(ExpectedAverted));
        yield return new("expected_caused_people", "Harm that the fire control expected to cause below, people hurt.", Of(ExpectedCaused));
        yield return Count("held_for_people_tracks", "Threatening tracks never engaged because more harm was expected below than averted.", HeldForPeople);
        yield return Count("held_for_aircraft_tracks", "Threatening tracks never engaged because of an aircraft near the line of fire.", HeldForAircraft);
        yield return Count("held_for_sector_tracks", "Threatening tracks never engaged because of a no-fire sector.", HeldForSector);
        yield return Count("held_for_sight_tracks", "Threatening tracks never engaged because something stood in the way or they were too low.", HeldForSight);
        yield return Count("out_of_stock_tracks", "Threatening tracks never engaged because nothing was left to fire.", OutOfStock);
        yield return Count("out_of_reach_tracks", "Threatening tracks never engaged because they never came within reach of what was ready.", OutOfReach);
        yield return Count("never_considered_tracks", "Threatening tracks that no effector had time to consider.", NeverConsidered);
        yield return new("blind_shells", "Shells that came down whole, in expectation.", Of(BlindShells));
        yield return new("fallen_fragments", "Fragments of shells that came down, in expectation.", Of(FallenFragments));
        yield return new("debris_pieces", "Pieces of neutralised rounds that came down.", Of(DebrisPieces));
        yield return new("zone_blind_shells", "Shells that came down whole in a zone, in expectation.", Of(Footprint.Where(f => f.Zone is not null).Sum(f => f.SpentRounds)));
        yield return new("zone_debris_pieces", "Pieces of neutralised rounds that came down in a zone.", Of(Footprint.Where(f => f.Zone is not null).Sum(f => f.DebrisPieces)));
    }
}

/// <summary>What a defence let fall on one zone, in expectation.</summary>
/// <param name="Zone">The zone's id; null for what came down in none.</param>
/// <param name="People">Its people.</param>
/// <param name="SpentRounds">Shells that came down whole, and spent interceptors.</param>
/// <param name="DebrisPieces">Pieces of neutralised rounds.</param>
/// <param name="Fragments">Fragments of shells.</param>
public sealed record ZoneFootprint(string? Zone, double People, double SpentRounds, double DebrisPieces, double Fragments)
{
    /// <summary>The footprint of what came down at a site; the smallest zone that holds a place is the one that it is counted for.</summary>
    internal static IReadOnlyList<ZoneFootprint> Of(SiteDefinition site, IEnumerable<GroundStrike> strikes)
    {
        ZoneDefinition[] zones = [.. site.Zones.OrderBy(z => (z.Area.MaxEastM - z.Area.MinEastM) * (z.Area.MaxNorthM - z.Area.MinNorthM))];
        var sums = new (double Spent, double Debris, double Fragments)[zones.Length + 1];
        foreach (GroundStrike strike in strikes)
        {
            Geodesy.Enu at = site.Frame.ToEnu(strike.Place);
            int zone = Array.FindIndex(zones, z => z.Area.Contains(at.East, at.North));
            ref (double Spent, double Debris, double Fragments) sum = ref sums[zone < 0 ? zones.Length : zone];
            if (strike.Kind == StrikeKind.SpentRound) sum.Spent += strike.Weight;
            else if (strike.Kind == StrikeKind.Debris) sum.Debris += strike.Weight;
            else if (strike.Kind == StrikeKind.Fragment) sum.Fragments += strike.Weight;
        }
        var footprint = new List<ZoneFootprint>();
        foreach (ZoneDefinition zone in site.Zones)
            if (sums[Array.IndexOf(zones, zone)] is var (spent, debris, fragments) && spent + debris + fragments > 0) footprint.Add(new(zone.Id, zone.Population, spent, debris, fragments));
        if (sums[^1] is var (s, d, f) && s + d + f > 0) footprint.Add(new(null, 0, s, d, f));
        return footprint;
    }
}
