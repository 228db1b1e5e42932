using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>The sound of one siren over the ground around it.</summary>
/// <remarks>The level falls by spherical spreading, 20 log10 of the distance (ISO 9613-2:1996, equation 7), by the air's absorption, by what ground and buildings take, and by wind against
/// the sound; it is calibrated so that in calm air it is just heard outdoors at the siren's audible range. With nothing but spreading the intensity goes by the inverse square.</remarks>
internal sealed class SirenField
{
    /// <summary>Distance in metres for which makers give levels: 100 feet. Nearer by, ground takes nothing.</summary>
    public const double ReferenceM = 30;

    // Below this one is at the siren; the level no longer rises.
    private const double NearestM = 1;

    // Wind's shadow begins here and is whole there, in metres. Chosen.
    private const double ShadowFromM = 100, ShadowToM = 300;

    private const double InverseLn10 = 0.43429448190325182765, InverseLn2 = 1.4426950408889634074;

    private readonly SirenSound _sound;
    private readonly double _windEastMps, _windNorthMps;

    /// <summary>Calibrates a siren's field.</summary>
    /// <param name="eastM">Its place in the site's frame, metres.</param>
    /// <param name="northM">The same to the north.</param>
    /// <param name="audibleRangeM">How far it is heard outdoors in calm air, in metres.</param>
    /// <param name="sound">The laws.</param>
    /// <param name="windMps">Velocity of the air near the ground, east and north, in m/s.</param>
    public SirenField(double eastM, double northM, double audibleRangeM, SirenSound sound, (double East, double North) windMps)
    {
        (EastM, NorthM, _sound) = (eastM, northM, sound);
        (_windEastMps, _windNorthMps) = windMps;
        ReferenceLevelDb = sound.OutdoorNoiseDb + sound.MarginDb + CalmLossDb(audibleRangeM);
    }

    /// <summary>Its place in the site's frame, metres east.</summary>
    public double EastM { get; }

    /// <summary>Metres north.</summary>
    public double NorthM { get; }

    /// <summary>Its level in dB at <see cref="ReferenceM"/>.</summary>
    public double ReferenceLevelDb { get; }

    /// <summary>Its level outdoors at a place, in dB.</summary>
    public double LevelDb(double eastM, double northM)
    {
        double east = eastM - EastM, north = northM - NorthM, distance = Math.Max(Math.Sqrt(east * east + north * north), NearestM);
        return ReferenceLevelDb - CalmLossDb(distance) - WindLossDb(east / distance, north / distance, distance);
    }

    /// <summary>Whether somebody hears it there, behind something that takes <paramref name="lossDb"/> and amid <paramref name="noiseDb"/>.</summary>
    public bool Heard(double eastM, double northM, double lossDb, double noiseDb) =>
        // A hair's breadth for the rounding of the calibration.
        LevelDb(eastM, northM) - lossDb >= noiseDb + _sound.MarginDb - 1e-9;

    // What lies between the reference distance and this one, negative nearer by.
    private double CalmLossDb(double distanceM)
    {
        double ratio = Elementary.Log(distanceM / ReferenceM);
        return 20 * InverseLn10 * ratio + _sound.AbsorptionDbPerKm * (distanceM - ReferenceM) / 1000 + _sound.GroundLossDbPerDoubling * InverseLn2 * Math.Max(0, ratio);
    }

    private double WindLossDb(double toEast, double toNorth, double distanceM)
    {
        double against = -(toEast * _windEastMps + toNorth * _windNorthMps);
        if (!(against > 0) || distanceM <= ShadowFromM) return 0;
        double share = Math.Min(1, (distanceM - ShadowFromM) / (ShadowToM - ShadowFromM));
        return share * Math.Min(_sound.UpwindLossMaxDb, _sound.UpwindLossDbPerMps * against);
    }
}
