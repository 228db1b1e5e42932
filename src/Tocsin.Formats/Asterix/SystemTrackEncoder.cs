using Tocsin.Formats.Text;

namespace Tocsin.Formats.Asterix;

/// <summary>Whose messages they are: the identity that other systems know this one by.</summary>
/// <param name="Sac">System area code (I062/010, I065/010).</param>
/// <param name="Sic">System identification code.</param>
/// <param name="Service">Service identification (I062/015, I065/015).</param>
public readonly record struct SystemIdentity(byte Sac, byte Sic, byte Service);

/// <summary>What a track message says beyond the track itself.</summary>
/// <param name="Number">The track number of I062/040.</param>
/// <param name="Simulated">Whether it is an exercise or a test (I062/080 SIM).</param>
/// <param name="First">Whether it is the first message of this track (TSB).</param>
/// <param name="OneSensor">Whether the site has one sensor alone (MON).</param>
/// <param name="Stale">Whether the newest plot is older than a track should go without one (PSR).</param>
/// <param name="AgeS">Seconds since the track was first shown (I062/290 TRK).</param>
public readonly record struct SystemTrackNote(int Number, bool Simulated, bool First, bool OneSensor, bool Stale, double AgeS);

/// <summary>Values that a message could not hold and that were moved to its limits, counted since the encoder was made.</summary>
public sealed class SystemTrackClips
{
    /// <summary>Rates of climb or descent beyond 1,040 m/s (I062/220).</summary>
    public long Climb { get; internal set; }

    /// <summary>Heights below -1,500 ft or above 150,000 ft (I062/130).</summary>
    public long Height { get; internal set; }

    /// <summary>Components of the velocity beyond 8,191 m/s (I062/185).</summary>
    public long Velocity { get; internal set; }

    /// <summary>All of them.</summary>
    public long Total => Climb + Height + Velocity;
}

/// <summary>Writes tracks as category 062 (system tracks) and the service's own state as category 065.</summary>
/// <remarks>
/// Editions as in <see cref="Category062"/> and <see cref="Category065"/>. Positions are WGS-84 (I062/105), heights above the ellipsoid (I062/130),
/// velocities east and north over the ground at the track (I062/185). Everything is as of I062/070, the time of the newest plot: nothing is extrapolated.
/// The category has no place for a predicted impact, a kind or its certainty; SAPIENT carries those. Accuracies (I062/500) are left out, as
/// a <see cref="Track"/> carries no covariance.
/// </remarks>
public sealed class SystemTrackEncoder
{
    private const long StepsPerDay = 86_400 * 128;
    // Constraints of I062/130 in the specification, in feet.
    private const double LeastHeightFt = -1_500, MostHeightFt = 150_000;
    // Below this rate a target is level: a track's own error is larger.
    private const double LevelMps = 1;

    private static readonly CategoryTable T = Category062.Table, S = Category065.Table;
    private static readonly FieldLocation
        Sac = T.Locate("010/SAC"), Sic = T.Locate("010/SIC"), Service = T.Locate("015"), Number = T.Locate("040"), Time = T.Locate("070"),
        Mon = T.Locate("080/MON"), Mrh = T.Locate("080/MRH"), Src = T.Locate("080/SRC"), Cnf = T.Locate("080/CNF"), Sim = T.Locate("080/SIM"),
        Tse = T.Locate("080/TSE"), Tsb = T.Locate("080/TSB"), Psr = T.Locate("080/PSR"), Ssr = T.Locate("080/SSR"), Mds = T.Locate("080/MDS"),
        Ads = T.Locate("080/ADS"), Latitude = T.Locate("105/LAT"), Longitude = T.Locate("105/LON"), Height = T.Locate("130"),
        Vx = T.Locate("185/VX"), Vy = T.Locate("185/VY"), Trans = T.Locate("200/TRANS"), Long = T.Locate("200/LONG"), Vert = T.Locate("200/VERT"),
        Climb = T.Locate("220"), TrackAge = T.Locate("290/TRK"), PsrAge = T.Locate("290/PSR");
    private static readonly FieldLocation
        StatusType = S.Locate("000"), StatusSac = S.Locate("010/SAC"), StatusSic = S.Locate("010/SIC"), StatusService = S.Locate("015"),
        Batch = S.Locate("020"), StatusTime = S.Locate("030"), Nogo = S.Locate("040/NOGO"), Ovl = S.Locate("040/OVL");

    private readonly SystemIdentity _identity;
    private readonly AsterixRecordWriter _track = new(T), _status = new(S);

    /// <summary>Makes an encoder of one system's messages.</summary>
    public SystemTrackEncoder(SystemIdentity identity) => _identity = identity;

    /// <summary>What was moved to a limit.</summary>
    public SystemTrackClips Clips { get; } = new();

    /// <summary>A track's newest state as a record of category 062. The record is valid until the next call.</summary>
    public AsterixRecordWriter Track(in Track track, SystemTrackNote note)
    {
        Head(track.ValidTime, note.Number);
        Flag(Mon, note.OneSensor);
        // The height is geometric and comes of a radar that measures in three dimensions.
        _track.Set(Mrh, 1);
        _track.Set(Src, 2);
        _track.Set(Cnf, 0);
        Flag(Sim, note.Simulated);
        Flag(Tsb, note.First);
        Flag(Psr, note.Stale);
        // Nothing here ever answers an interrogator or reports itself: all other sources are old.
        _track.Set(Ssr, 1);
        _track.Set(Mds, 1);
        _track.Set(Ads, 1);

        _track.SetValue(Latitude, track.Position.LatitudeRad * CanonicalAngle.DegreesPerRad, -90, 90);
        // 180 degrees east is 180 degrees west; the field holds the half-open range.
        double longitude = Math.IEEERemainder(track.Position.LongitudeRad * CanonicalAngle.DegreesPerRad, 360);
        _track.SetValue(Longitude, longitude >= 180 - Longitude.Field.Lsb / 2 ? longitude - 360 : longitude);
        if (!_track.SetValue(Height, track.Position.HeightM / Units.MetresPerFoot, LeastHeightFt, MostHeightFt)) Clips.Height++;
        bool fits = _track.SetValue(Vx, track.VelocityMps.East);
        if (!(_track.SetValue(Vy, track.VelocityMps.North) && fits)) Clips.Velocity++;
        if (!_track.SetValue(Climb, track.VelocityMps.Up * 60 / Units.MetresPerFoot)) Clips.Climb++;

        const int Undetermined = 3, Level = 0, Climbing = 1, Descending = 2;
        _track.Set(Trans, Undetermined);
        _track.Set(Long, Undetermined);
        _track.Set(Vert, track.VelocityMps.Up > LevelMps ? Climbing : track.VelocityMps.Up < -LevelMps ? Descending : Level);
        // An age that does not fit is the largest that does: the field means "or more".
        _track.SetValue(TrackAge, Math.Max(0, note.AgeS));
        _track.Set(PsrAge, 0);
        return _track;
    }

    /// <summary>The last message of a track: it has ended. The record is valid until the next call.</summary>
    public AsterixRecordWriter End(Instant time, int number, bool simulated)
    {
        Head(time, number);
        _track.Set(Mrh, 1);
        _track.Set(Cnf, 0);
        Flag(Sim, simulated);
        _track.Set(Tse, 1);
        return _track;
    }

    /// <summary>The state of the service (category 065, message type 1). The record is valid until the next call.</summary>
    public AsterixRecordWriter Status(Instant time, bool operational, bool overloaded)
    {
        StatusHead(1, time);
        _status.Set(Nogo, operational ? 0 : 1);
        _status.Set(Ovl, overloaded ? 1 : 0);
        return _status;
    }

    /// <summary>Says that all tracks of one moment have been sent (category 065, message type 2). The record is valid until the next call.</summary>
    /// <param name="time">The moment.</param>
    /// <param name="batch">Counts the batches; sent modulo 256.</param>
    public AsterixRecordWriter EndOfBatch(Instant time, long batch)
    {
        StatusHead(2, time);
        _status.Set(Batch, batch & 0xFF);
        return _status;
    }

    /// <summary>The time of day in steps of 1/128 s; the nearest one, midnight being 0.</summary>
    private static long TimeOfDay(Instant time)
    {
        long day = 86_400 * Instant.TicksPerSecond, ticks = ((time.Ticks % day) + day) % day;
        return (long)Math.Round(ticks / (Instant.TicksPerSecond / 128.0)) % StepsPerDay;
    }

    private void Head(Instant time, int number)
    {
        _track.Clear();
        _track.Set(Sac, _identity.Sac);
        _track.Set(Sic, _identity.Sic);
        _track.Set(Service, _identity.Service);
        _track.Set(Time, TimeOfDay(time));
        _track.Set(Number, number);
    }

    private void StatusHead(int type, Instant time)
    {
        _status.Clear();
        _status.Set(StatusSac, _identity.Sac);
        _status.Set(StatusSic, _identity.Sic);
        _status.Set(StatusType, type);
        _status.Set(StatusService, _identity.Service);
        _status.Set(StatusTime, TimeOfDay(time));
    }

    private void Flag(FieldLocation field, bool value) => _track.Set(field, value ? 1 : 0);
}
