namespace Tocsin.Simulation.Scenarios;

/// <summary>Who is on the ground, how warnings reach them, what they do then, and what hurts them.</summary>
/// <remarks>Every member has a default with its source beside it, or the word "chosen"; docs/internals/people.md lists them. They are assumptions of an
/// exercise, not findings: a study varies them.</remarks>
public sealed record PeopleSettings
{
    /// <summary>How many persons of the sample stand for the site's people, each for as many as there are people to one of the sample. Chosen: 1,500 hold an expected
    /// harm's error from the sample well below that from the raid.</summary>
    public int Samples { get; set; } = 1500;

    /// <summary>Local time less UTC in hours, for the table by hour; the mean solar time of the site's longitude where left out.</summary>
    public double? UtcOffsetH { get; set; }

    /// <summary>Where people are by the hour, from each row's hour to the next; the table of <c>docs/internals/people.md</c> where empty.</summary>
    public IReadOnlyList<PeopleHour> ByHour { get; set; } = [];

    /// <summary>Share of children. The world's under 15 are 25 % (UN, World Population Prospects 2022, summary of results).</summary>
    public double ChildShare { get; set; } = 0.25;

    /// <summary>Share of older people. The world's from 65 on are 10 % (the same).</summary>
    public double OlderShare { get; set; } = 0.10;

    /// <summary>How warnings reach people. The defaults where left out.</summary>
    public PeopleChannels Channels { get; set; } = new();

    /// <summary>How far sirens carry. The defaults where left out.</summary>
    public SirenSound Sound { get; set; } = new();

    /// <summary>How fast people act. The defaults where left out.</summary>
    public PeopleReaction Reaction { get; set; } = new();

    /// <summary>What hurts people. The defaults where left out.</summary>
    public PeopleInjury Injury { get; set; } = new();

    /// <summary>Needless alarms before this run, and what they cost. None where left out.</summary>
    public AlarmFatigue Fatigue { get; set; } = new();

    /// <summary>Distance in metres within which the first burst makes people take cover where they are, warned or not; 0 for none. Chosen: about as far as a burst is
    /// felt. Without it, "no warning" would be made worse than it is.</summary>
    public double BurstAlarmsWithinM { get; set; } = 1000;

    /// <summary>What nobody walks through on the way to a shelter: walls, water, closed buildings. Nothing where empty.</summary>
    public IReadOnlyList<WalkObstacle> Obstacles { get; set; } = [];
}

/// <summary>Where people are from one hour of the day on; who is neither indoors nor outdoors is on the move, in a vehicle.</summary>
public sealed record PeopleHour
{
    /// <summary>The hour from which the row holds, 0 to 24, local time.</summary>
    public required double FromHour { get; init; }

    /// <summary>Share of the people who are indoors.</summary>
    public required double Indoors { get; init; }

    /// <summary>Share of the people who are outdoors on foot.</summary>
    public required double Outdoors { get; init; }
}

/// <summary>How warnings reach people: who has what, and how long it takes.</summary>
/// <remarks>Phones and watches are those of the person's own zone; a siren is heard by whoever hears it.</remarks>
public sealed record PeopleChannels
{
    /// <summary>Seconds from the warning to the siren's sound, drawn for each siren. Chosen: a control line's delay and a motor or amplifier that starts.</summary>
    public Interval SirenDelayS { get; set; } = new(0.5, 2);

    /// <summary>Share of those indoors who have a loudspeaker in the room. Chosen: none, unless the scenario says so.</summary>
    public double SpeakerShare { get; set; }

    /// <summary>Seconds from the warning to a loudspeaker's sound. Chosen, as for a siren without a motor.</summary>
    public Interval SpeakerDelayS { get; set; } = new(0.5, 1.5);

    /// <summary>Share of the people whose phone gets cell broadcasts and is with them. Chosen.</summary>
    public double PhoneShare { get; set; } = 0.8;

    /// <summary>A cell broadcast's least delay in seconds: about 4 s at best (trade press).</summary>
    public double PhoneLeastS { get; set; } = 4;

    /// <summary>A cell broadcast's median delay in seconds: 13 s (the same).</summary>
    public double PhoneMedianS { get; set; } = 13;

    /// <summary>Sigma of the logarithm of what a phone's delay has beyond the least. Chosen.</summary>
    public double PhoneSigma { get; set; } = 0.5;

    /// <summary>Share of the people with a watch or an application that asks a server again and again. Chosen.</summary>
    public double WatchShare { get; set; } = 0.1;

    /// <summary>Seconds from the warning until such a one shows it: 2 to 12 s late for polling a public web page (measured).</summary>
    public Interval WatchDelayS { get; set; } = new(2, 12);
}

/// <summary>How far sirens carry. A siren's level is calibrated by the site's <c>audibleRangeM</c>: there, outdoors and in calm air, it is just heard.</summary>
public sealed record SirenSound
{
    /// <summary>Absorption of the air in dB/km: 2.8 at 500 Hz, 20 °C and 70 % humidity (ISO 9613-2:1996, table 2, after ISO 9613-1).</summary>
    public double AbsorptionDbPerKm { get; set; } = 2.8;

    /// <summary>What ground and buildings take beyond spherical spreading, in dB for each doubling of the distance from 30 m on: 4, so that with the 6 of spreading
    /// a doubling costs 10 dB (FEMA, CPG 1-17, Outdoor Warning Systems Guide, 1980).</summary>
    public double GroundLossDbPerDoubling { get; set; } = 4;

    /// <summary>Noise outdoors in dB: 60, so that a siren must have 70 (CPG 1-17: 70 dBC contour where many live, 10 dB above the noise).</summary>
    public double OutdoorNoiseDb { get; set; } = 60;

    /// <summary>Noise in a room in dB. Chosen: a room with talk or television.</summary>
    public double IndoorNoiseDb { get; set; } = 45;

    /// <summary>Noise in a vehicle in dB. Chosen.</summary>
    public double VehicleNoiseDb { get; set; } = 60;

    /// <summary>What a siren must have above the noise to be heard by who expects nothing, in dB (CPG 1-17: 10).</summary>
    public double MarginDb { get; set; } = 10;

    /// <summary>What a wall takes, in dB. Chosen between the medians of 10 with open, 16 with tilted and 28 with closed windows (Locher and others, Int. J. Environ. Res.
    /// Public Health 15(1), 149, 2018).</summary>
    public double WallLossDb { get; set; } = 20;

    /// <summary>What a closed vehicle takes, in dB. Chosen.</summary>
    public double VehicleLossDb { get; set; } = 25;

    /// <summary>Sigma of the two losses from one building or vehicle to the next, in dB. Chosen: about half the way from open to closed windows.</summary>
    public double LossSigmaDb { get; set; } = 6;

    /// <summary>What each m/s of wind against the sound takes, in dB, beyond 300 m (less nearer by). Chosen.</summary>
    public double UpwindLossDbPerMps { get; set; } = 2;

    /// <summary>The most that wind takes, in dB. Chosen: sound shadows take some 20 dB.</summary>
    public double UpwindLossMaxDb { get; set; } = 20;
}

/// <summary>How fast people act.</summary>
public sealed record PeopleReaction
{
    /// <summary>Share of those whom an alarm reaches who act on it. Chosen; times <see cref="AlarmFatigue"/>'s, where there is any.</summary>
    public double ResponseShare { get; set; } = 0.9;

    /// <summary>Median time in seconds from hearing to acting. Chosen, for people who know the sound: buildings' evacuations begin after minutes, since people first ask what it means
    /// (Proulx and Fahy, Fire Safety Science 5, 1997), while at Kidal eight people reached a bunker within the 15 s they had.</summary>
    public double MedianS { get; set; } = 3;

    /// <summary>Sigma of its logarithm. Chosen.</summary>
    public double Sigma { get; set; } = 0.6;

    /// <summary>Seconds to lie down and cover the head. Chosen.</summary>
    public double DropS { get; set; } = 1.5;

    /// <summary>Seconds to an inner wall. Chosen: some metres, round furniture.</summary>
    public double AwayFromWindowsS { get; set; } = 4;

    /// <summary>Seconds to leave a building. Chosen: one or two storeys at most.</summary>
    public double LeaveBuildingS { get; set; } = 8;

    /// <summary>Seconds to stop a vehicle and get out. Chosen.</summary>
    public double StopVehicleS { get; set; } = 5;

    /// <summary>Speed of adults to a shelter in m/s. Chosen below the mean maximum of walking adults, 2.53 for men in their twenties (Bohannon, Age and Ageing 26, 1997).</summary>
    public double AdultSpeedMps { get; set; } = 2.2;

    /// <summary>Speed of children in m/s. Chosen.</summary>
    public double ChildSpeedMps { get; set; } = 1.8;

    /// <summary>Speed of older people in m/s. The mean maximum of women in their seventies is 1.75 (the same); chosen: 1.5, since not all are healthy volunteers.</summary>
    public double OlderSpeedMps { get; set; } = 1.5;

    /// <summary>How much longer older people take to lie down, to an inner wall, out of a building. Chosen.</summary>
    public double OlderFactor { get; set; } = 2;
}

/// <summary>What hurts people: fragments of bursts, pieces that fall, and the running.</summary>
/// <remarks>Fragments go by the inverse square of the distance, and each person's number of hits is Poisson's: p = 1 - exp(-q A), the method of the US Department of Defense Explosives
/// Safety Board's Technical Paper 12. The round is a generic one.</remarks>
public sealed record PeopleInjury
{
    /// <summary>Distance in metres at which one hazardous fragment falls on 55.7 m² (600 square feet): the Explosives Safety Board's limit. It sets how many there are; none is counted
    /// beyond. Chosen: 100 m for a rocket.</summary>
    public double RocketHazardDistanceM { get; set; } = 100;

    /// <summary>The same for an artillery shell. Chosen, as for a rocket.</summary>
    public double ArtilleryHazardDistanceM { get; set; } = 100;

    /// <summary>The same for a mortar bomb: splinters may injure to 90 m (West Kingston Commission of Enquiry, Report, 2016, paragraph 10.143).</summary>
    public double MortarHazardDistanceM { get; set; } = 90;

    /// <summary>Area that somebody upright shows to fragments, in m²: 0.58 (Technical Paper 12).</summary>
    public double UprightAreaM2 { get; set; } = 0.58;

    /// <summary>The same lying down. Chosen: a quarter, seen from the side and from head or feet alike.</summary>
    public double ProneAreaM2 { get; set; } = 0.15;

    /// <summary>Share of the fragments that reach somebody in a room. Chosen: about the windows' share of a wall.</summary>
    public double RoomShare { get; set; } = 0.2;

    /// <summary>The same at an inner wall, away from windows. Chosen.</summary>
    public double InnerWallShare { get; set; } = 0.05;

    /// <summary>The same in a shelter. Chosen: shelters are built to stop them, doors stand open.</summary>
    public double ShelterShare { get; set; } = 0.01;

    /// <summary>The same in a vehicle. Chosen.</summary>
    public double VehicleShare { get; set; } = 0.7;

    /// <summary>Distance in metres within which a burst comes through walls and roof: rooms and vehicles do not protect there. Chosen.</summary>
    public double ThroughWallsM { get; set; } = 5;

    /// <summary>Probability that somebody hit dies of one hit. Chosen: about one in five wounded by fragments died in the wars that were counted (Garfield and Neugut, JAMA 266, 1991,
    /// give one killed to three or four wounded).</summary>
    public double KilledShare { get; set; } = 0.2;

    /// <summary>Energy in joules from which a piece that falls counts as a casualty's cause: 79 J, 58 foot-pounds (Technical Paper 12).</summary>
    public double CasualtyEnergyJ { get; set; } = 79;

    /// <summary>Area that somebody upright shows to what falls from above, in m². Chosen: shoulders' breadth by the body's depth.</summary>
    public double UprightFromAboveM2 { get; set; } = 0.15;

    /// <summary>The same lying down. Chosen: as upright from the side.</summary>
    public double ProneFromAboveM2 { get; set; } = 0.58;

    /// <summary>Share of what falls that comes through a roof. Chosen.</summary>
    public double RoofShare { get; set; } = 0.1;

    /// <summary>Probability that an adult who acts on an alarm is hurt by the acting (falls, collisions) so as to need a hospital. An order of magnitude, chosen: one hospital saw 48
    /// adults hurt on the way, mean age 59.6, one of whom died, in eleven days in which most of a country was alarmed (Manor and others, Military Medicine 188, 2023).</summary>
    public double AdultHurtByActing { get; set; } = 2e-5;

    /// <summary>The same for a child. Chosen: the study has adults only.</summary>
    public double ChildHurtByActing { get; set; } = 1e-5;

    /// <summary>The same for older people. Chosen: four times an adult's, for the study's mean age.</summary>
    public double OlderHurtByActing { get; set; } = 8e-5;

    /// <summary>Share of those hurt by acting who die: one of 48 (the same study).</summary>
    public double ActingKilledShare { get; set; } = 0.02;
}

/// <summary>Alarm fatigue: a parameter for sensitivity studies, never a fact.</summary>
/// <remarks>One standard deviation more false alarms went with 12 to 29 % more tornado deaths (Simmons and Sutter 2009), and with none in another study (Lim 2019); responses to alerts waned in
/// Ukraine (Van Dijcke and others, PNAS 120(18), 2023).</remarks>
public sealed record AlarmFatigue
{
    /// <summary>Needless alarms that these people had before.</summary>
    public double NeedlessBefore { get; set; }

    /// <summary>Share of those who still acted that each of them costs: the response is multiplied by (1 - this) to the power of their number. 0: no fatigue.</summary>
    public double LossPerNeedless { get; set; }
}

/// <summary>Something that nobody walks through.</summary>
public sealed record WalkObstacle
{
    /// <summary>Its corners, the first not repeated at the end.</summary>
    public required IReadOnlyList<LonLat> Polygon { get; init; }
}
