namespace Tocsin.Simulation.Scenarios;

// Every default in this file is chosen, within what open references print of such effectors in general (docs/internals/engagement.md): generic figures,
// of no weapon that has a name. A study that hangs on one of them must vary it.

/// <summary>A simulated defence: guns and interceptors that engage what threatens a zone or an asset. It sees tracks and impact predictions only. Generic models, never a named weapon; nothing here aims anything real.</summary>
public sealed record DefenceSettings
{
    /// <summary>'shootLookShoot' waits for the radar's word before it fires at the same track again; 'salvo' lets several engage it at once.</summary>
    public required Doctrine Doctrine { get; init; }

    /// <summary>How many bursts or interceptors may be on their way to one track at once, for salvo.</summary>
    public int SalvoSize { get; set; } = 2;

    /// <summary>Seconds from the confirmation of a track to the first order against it.</summary>
    public double ReactionS { get; set; } = 1;

    /// <summary>Seconds without a plot after the last shot has passed, from which a track is believed neutralised.</summary>
    public double LookS { get; set; } = 1;

    /// <summary>A track is engaged only where its impact in a zone or an asset, or near enough to harm people in one, is at least so probable.</summary>
    public double ThreatProbability { get; set; } = 0.2;

    /// <summary>It fires only where the harm that it expects to avert exceeds this many times the harm that it expects to cause below.</summary>
    public double HarmRatio { get; set; } = 1;

    /// <summary>It does not fire within this angle of a track held to be an aircraft.</summary>
    public double AircraftMarginDeg { get; set; } = 4;

    /// <summary>What is defended beside the zones.</summary>
    public IReadOnlyList<AssetSettings> Assets { get; set; } = [];

    /// <summary>Rapid-fire guns.</summary>
    public IReadOnlyList<GunSettings> Guns { get; set; } = [];

    /// <summary>Short-range interceptors.</summary>
    public IReadOnlyList<InterceptorSettings> Interceptors { get; set; } = [];
}

/// <summary>Something that is worth defending and no zone.</summary>
public sealed record AssetSettings
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its middle [longitude, latitude] in degrees.</summary>
    public required LonLat Centre { get; init; }

    /// <summary>An impact within this distance in metres destroys it.</summary>
    public required double RadiusM { get; init; }

    /// <summary>What losing it is worth, in people hurt.</summary>
    public required double Worth { get; init; }
}

/// <summary>A rapid-fire gun. Its shells fly by the air and gravity of the simulation; whether one hits is geometry.</summary>
public sealed record GunSettings
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands [longitude, latitude] in degrees.</summary>
    public required LonLat Position { get; init; }

    /// <summary>Height of its muzzle above the site's ground in metres.</summary>
    public double HeightAboveGroundM { get; set; } = 3;

    /// <summary>Azimuth at which it points at first, degrees clockwise from true north.</summary>
    public double PointingDeg { get; set; }

    /// <summary>How fast it turns, degrees a second.</summary>
    public double SlewRateDegPerS { get; set; } = 90;

    /// <summary>Seconds from the end of a turn to the first shell.</summary>
    public double SettleS { get; set; } = 0.3;

    /// <summary>Shells of one burst.</summary>
    public int BurstRounds { get; set; } = 100;

    /// <summary>Shells a second within a burst.</summary>
    public double ShellsPerS { get; set; } = 75;

    /// <summary>Speed at the muzzle in m/s.</summary>
    public double MuzzleVelocityMps { get; set; } = 1_000;

    /// <summary>Sigma of a shell's speed at the muzzle in m/s.</summary>
    public double MuzzleVelocitySigmaMps { get; set; } = 3;

    /// <summary>Sigma of a shell's direction about its burst's, in each axis, milliradians.</summary>
    public double DispersionMrad { get; set; } = 1.5;

    /// <summary>Sigma of a burst's direction about the one ordered, in each axis, milliradians.</summary>
    public double AimSigmaMrad { get; set; } = 1;

    /// <summary>A shell's mass over the product of reference area and low-speed drag coefficient, in kg/m2.</summary>
    public double BallisticCoefficientKgPerM2 { get; set; } = 3_000;

    /// <summary>The shape of the drag coefficient over Mach number.</summary>
    public DragShape Drag { get; set; } = DragShape.Supersonic;

    /// <summary>Mass of a shell in kilograms: what a blind one comes down with.</summary>
    public double ShellMassKg { get; set; } = 0.1;

    /// <summary>'impact' must hit; 'time' bursts shortly before the target into a cone of fragments.</summary>
    public ShellFuze Fuze { get; set; } = ShellFuze.Impact;

    /// <summary>Seconds after firing at which a shell that met nothing destroys itself: the reach of the gun.</summary>
    public double SelfDestructS { get; set; } = 2.5;

    /// <summary>Share of the shells that do not destroy themselves and come down whole.</summary>
    public double BlindProbability { get; set; } = 0.01;

    /// <summary>Fragments of one shell: of its self-destruction or, for 'time', of its cone.</summary>
    public int Fragments { get; set; } = 20;

    /// <summary>Mass of one of them in kilograms.</summary>
    public double FragmentMassKg { get; set; } = 0.003;

    /// <summary>Half angle of the cone of a 'time' burst in degrees.</summary>
    public double ConeHalfAngleDeg { get; set; } = 10;

    /// <summary>How far before the target a 'time' burst is set, in metres.</summary>
    public double BurstAheadM { get; set; } = 20;

    /// <summary>Sigma of the moment of a 'time' burst in seconds.</summary>
    public double FuzeSigmaS { get; set; } = 0.001;

    /// <summary>Fragments of a 'time' burst that must strike a round to neutralise it.</summary>
    public int LethalFragments { get; set; } = 2;

    /// <summary>It does not engage nearer than this, in metres.</summary>
    public double MinRangeM { get; set; } = 200;

    /// <summary>Shells in its magazine.</summary>
    public int MagazineRounds { get; set; } = 1_500;

    /// <summary>Magazines that it has, the first one included.</summary>
    public int Magazines { get; set; } = 2;

    /// <summary>Seconds to change the magazine.</summary>
    public double ReloadS { get; set; } = 240;

    /// <summary>Lowest elevation at which it fires, degrees.</summary>
    public double MinElevationDeg { get; set; } = 5;

    /// <summary>Azimuths into which it never fires.</summary>
    public IReadOnlyList<Sector> NoFireSectors { get; set; } = [];

    /// <summary>What stands in its way: the elevation that must be cleared, by azimuth; linear between them, nothing where empty.</summary>
    public IReadOnlyList<MaskAngle> Masks { get; set; } = [];
}

/// <summary>How high something stands in an azimuth.</summary>
public sealed record MaskAngle
{
    /// <summary>Azimuth in degrees clockwise from true north.</summary>
    public required double AzimuthDeg { get; init; }

    /// <summary>Elevation below which nothing can be fired, degrees.</summary>
    public required double ElevationDeg { get; init; }
}

/// <summary>A launcher of short-range interceptors. What happens at the target is not known in the open, so one probability stands for it.</summary>
public sealed record InterceptorSettings
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands [longitude, latitude] in degrees.</summary>
    public required LonLat Position { get; init; }

    /// <summary>Height of the launcher above the site's ground in metres.</summary>
    public double HeightAboveGroundM { get; set; } = 3;

    /// <summary>Interceptors that it has.</summary>
    public int Stock { get; set; } = 10;

    /// <summary>Seconds from the order to the launch.</summary>
    public double ReactionS { get; set; } = 2;

    /// <summary>Seconds between two launches.</summary>
    public double LaunchIntervalS { get; set; } = 1.5;

    /// <summary>How far an interceptor has flown by when, the nearest first: linear between the points, nothing beyond the last.</summary>
    public required IReadOnlyList<FlyOutPoint> FlyOut { get; init; }

    /// <summary>Probability that one interceptor neutralises the round that it meets.</summary>
    public required double SingleShotProbability { get; init; }

    /// <summary>It does not engage nearer than this, in metres.</summary>
    public double MinRangeM { get; set; } = 500;

    /// <summary>Mass in kilograms of what comes down of an interceptor that met nothing.</summary>
    public double MassKg { get; set; } = 10;

    /// <summary>Lowest elevation of the point of intercept as the launcher sees it, degrees.</summary>
    public double MinElevationDeg { get; set; } = 10;

    /// <summary>Azimuths into which it never fires.</summary>
    public IReadOnlyList<Sector> NoFireSectors { get; set; } = [];

    /// <summary>What stands in its way: the elevation that must be cleared, by azimuth; linear between them, nothing where empty.</summary>
    public IReadOnlyList<MaskAngle> Masks { get; set; } = [];
}

/// <summary>A point of an interceptor's fly-out.</summary>
public sealed record FlyOutPoint
{
    /// <summary>Seconds from the launch.</summary>
    public required double TimeS { get; init; }

    /// <summary>Distance flown in metres.</summary>
    public required double DistanceM { get; init; }
}

/// <summary>How often a track is engaged before the defence looks what came of it.</summary>
public enum Doctrine
{
    /// <summary>One burst or interceptor, then a look, then the next.</summary>
    ShootLookShoot,
    /// <summary>Several at once.</summary>
    Salvo,
}

/// <summary>What makes a shell burst.</summary>
public enum ShellFuze
{
    /// <summary>Striking the target.</summary>
    Impact,
    /// <summary>A time set so that it bursts before the target into a cone of fragments.</summary>
    Time,
}
