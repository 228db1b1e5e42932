using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>What bursts and falling pieces do to somebody in a state: expected numbers of hits that count as a casualty's cause.</summary>
/// <remarks>Hazardous fragments lie as densely as q = (D/r)² / 55.7 m² at r, D being the distance at which there is one on 55.7 m² (the US Department of Defense Explosives Safety Board's
/// limit, one fragment of 79 J or more on 600 square feet); beyond D none is counted. A person in their way shows an area A, of which cover leaves a share; the number of hits is Poisson's, so that
/// somebody is hurt with probability 1 - exp(-Σ q A) and killed with 1 - exp(-k Σ q A), k for each hit. Blast by itself kills within a few metres of a round of this size, where fragments do so already; it
/// is left out, and so is window glass.</remarks>
internal sealed class Exposure
{
    /// <summary>The area on which the limit allows one hazardous fragment: 600 square feet, in m².</summary>
    public const double LimitAreaM2 = 55.7418;

    // Nearer than this the density no longer rises: a person is no point.
    private const double NearestM = 1;

    private static readonly int s_states = Enum.GetValues<PersonState>().Length;

    private readonly double[] _aside, _throughWalls, _fromAbove;
    private readonly double _throughWallsM2;

    public Exposure(PeopleInjury injury)
    {
        (_aside, _throughWalls, _fromAbove) = (new double[s_states], new double[s_states], new double[s_states]);
        _throughWallsM2 = injury.ThroughWallsM * injury.ThroughWallsM;
        Set(PersonState.Indoors, injury.UprightAreaM2, injury.RoomShare, 1, injury.UprightFromAboveM2 * injury.RoofShare);
        Set(PersonState.Outdoors, injury.UprightAreaM2, 1, 1, injury.UprightFromAboveM2);
        Set(PersonState.InVehicle, injury.UprightAreaM2, injury.VehicleShare, 1, injury.UprightFromAboveM2 * injury.RoofShare);
        Set(PersonState.Running, injury.UprightAreaM2, 1, 1, injury.UprightFromAboveM2);
        Set(PersonState.Prone, injury.ProneAreaM2, 1, 1, injury.ProneFromAboveM2);
        Set(PersonState.ProneIndoors, injury.ProneAreaM2, injury.RoomShare, 1, injury.ProneFromAboveM2 * injury.RoofShare);
        Set(PersonState.InnerWall, injury.UprightAreaM2, injury.InnerWallShare, 1, injury.UprightFromAboveM2 * injury.RoofShare);
        // A shelter holds a direct hit of a round of this size as it holds any other.
        Set(PersonState.InShelter, injury.UprightAreaM2, injury.ShelterShare, injury.ShelterShare, injury.UprightFromAboveM2 * injury.RoofShare * injury.ShelterShare);
    }

    /// <summary>Expected hits of one burst.</summary>
    /// <param name="state">What the person is doing.</param>
    /// <param name="distance2M2">The square of the distance in m².</param>
    /// <param name="hazardDistanceM">D.</param>
    public double BurstHits(PersonState state, double distance2M2, double hazardDistanceM)
    {
        double d2 = hazardDistanceM * hazardDistanceM;
        if (distance2M2 > d2) return 0;
        double area = (distance2M2 <= _throughWallsM2 ? _throughWalls : _aside)[(int)state];
        return area / LimitAreaM2 * (d2 / Math.Max(distance2M2, NearestM * NearestM));
    }

    /// <summary>Expected hits of one piece that falls anywhere on an area, evenly.</summary>
    public double PieceHits(PersonState state, double areaM2) => _fromAbove[(int)state] / areaM2;

    /// <summary>The distance D of a kind of round; 0 for what is none.</summary>
    public static double HazardDistanceM(PeopleInjury injury, Kind kind) => kind switch
    {
        Kind.Rocket => injury.RocketHazardDistanceM,
        Kind.Artillery => injury.ArtilleryHazardDistanceM,
        Kind.Mortar => injury.MortarHazardDistanceM,
        _ => 0,
    };

    private void Set(PersonState state, double areaM2, double share, double nearShare, double fromAboveM2)
    {
        int s = (int)state;
        (_aside[s], _throughWalls[s], _fromAbove[s]) = (areaM2 * share, areaM2 * nearShare, fromAboveM2);
    }
}
