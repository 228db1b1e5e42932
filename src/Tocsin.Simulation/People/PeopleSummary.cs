using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.People;

/// <summary>What happened to the people under one way of warning them: numbers of people as the sample stands for them, and expected numbers of hurt.</summary>
/// <param name="Alarmed">People whom an alarm reached, needed or not.</param>
/// <param name="AlarmedNeedlessly">Those of them who had no burst within 100 m during any of their alarms, give or take five seconds.</param>
/// <param name="NeedlessAlarmPersonS">Time that people spent in such alarms, in person-seconds, from hearing to the clear.</param>
/// <param name="Warned">People in danger whom an alarm reached before the first burst near them.</param>
/// <param name="WarnedInTime">Those of them who had the time to do what they were told, had they acted.</param>
/// <param name="Protected">Expected people in danger who were under some cover when the first burst near them came.</param>
/// <param name="Injured">Expected people hurt by bursts and falling pieces, the killed among them.</param>
/// <param name="Killed">Expected people killed by them.</param>
/// <param name="InjuredByPieces">The part of the injured that pieces falling from the sky cause.</param>
/// <param name="HurtByActing">Expected people hurt by their own acting on an alarm: an order of magnitude.</param>
/// <param name="KilledByActing">Expected people killed by it: an order of magnitude.</param>
public sealed record WayOfWarning(double Alarmed, double AlarmedNeedlessly, double NeedlessAlarmPersonS, double Warned, double WarnedInTime, double Protected, double Injured,
    double Killed, double InjuredByPieces, double HurtByActing, double KilledByActing)
{
    /// <summary>Nothing to anybody.</summary>
    internal static WayOfWarning None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    // What follows from acting mixes; what is heard is the same.
    internal WayOfWarning Acted(WayOfWarning nobody, double response) => this with
    {
        Protected = Mix(nobody.Protected, Protected, response),
        Injured = Mix(nobody.Injured, Injured, response),
        Killed = Mix(nobody.Killed, Killed, response),
        InjuredByPieces = Mix(nobody.InjuredByPieces, InjuredByPieces, response),
        HurtByActing = response * HurtByActing,
        KilledByActing = response * KilledByActing,
    };

    private static double Mix(double without, double with, double share) => without + share * (with - without);
}

/// <summary>How many people do what when the first round bursts.</summary>
/// <param name="State">What they do, in words.</param>
/// <param name="ThisRun">Under this run's warnings.</param>
/// <param name="WholeSite">Under one alarm for the whole site.</param>
/// <param name="NoWarning">Without any.</param>
public sealed record StateCount(string State, double ThisRun, double WholeSite, double NoWarning);

/// <summary>What the warnings of one run did to the people, beside one alarm for the whole site and beside no warning: the same persons, the same impacts.</summary>
/// <remarks>Made by <see cref="PeopleModel"/>; docs/internals/people.md says how, and from which sources.</remarks>
public sealed class PeopleSummary
{
    private readonly WayOfWarning _acted, _siteActed;
    private readonly (string State, double Acted, double SiteActed, double Nobody)[] _states;

    internal PeopleSummary(double population, int sample, double hourOfDay, double inDanger, WayOfWarning acted, WayOfWarning siteActed, WayOfWarning nobody,
        (string State, double Acted, double SiteActed, double Nobody)[] states, double response)
    {
        (Population, Sample, HourOfDay, InDanger, Response) = (population, sample, hourOfDay, inDanger, response);
        (_acted, _siteActed, NoWarning, _states) = (acted, siteActed, nobody, states);
        ThisRun = acted.Acted(nobody, response);
        WholeSite = siteActed.Acted(nobody, response);
        AtFirstBurst = [.. states.Select(s => new StateCount(s.State, s.Nobody + response * (s.Acted - s.Nobody), s.Nobody + response * (s.SiteActed - s.Nobody), s.Nobody))];
    }

    /// <summary>The site's people.</summary>
    public double Population { get; }

    /// <summary>How many persons stand for them.</summary>
    public int Sample { get; }

    /// <summary>The local hour of the day for which they were placed.</summary>
    public double HourOfDay { get; }

    /// <summary>People who had a burst within the harm radius that the site's policy gives its kind, from where they were at first.</summary>
    public double InDanger { get; }

    /// <summary>Share of those alarmed who acted, fatigue included.</summary>
    public double Response { get; }

    /// <summary>Under this run's warnings.</summary>
    public WayOfWarning ThisRun { get; }

    /// <summary>Under one alarm for the whole site, by the same sirens and devices, from this run's first raise to its last clear.</summary>
    public WayOfWarning WholeSite { get; }

    /// <summary>Without any warning.</summary>
    public WayOfWarning NoWarning { get; }

    /// <summary>How many people do what when the first round bursts; empty where none does.</summary>
    public IReadOnlyList<StateCount> AtFirstBurst { get; }

    /// <summary>Expected people whom a way of warning saves from being hurt, less those whom acting on it hurts.</summary>
    public double SparedNet(WayOfWarning way)
    {
        ArgumentNullException.ThrowIfNull(way);
        return NoWarning.Injured - way.Injured - way.HurtByActing;
    }

    /// <summary>The same run had another share of those alarmed acted: the hook of a study of alarm fatigue. It costs nothing, for every figure is linear in that share.</summary>
    /// <param name="response">The share, 0 to 1.</param>
    public PeopleSummary At(double response)
    {
        if (!(response is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(response));
        return new(Population, Sample, HourOfDay, InDanger, _acted, _siteActed, NoWarning, _states, response);
    }

    /// <summary>The figures as a campaign's columns: the same ones in the same order for every run.</summary>
    public IEnumerable<RunMeasure> Measures() =>
    [
        new("people", "The site's people.", Population),
        new("people_in_danger", "People who had a burst within the harm radius of its kind.", InDanger),
        .. Warnings("", "", ThisRun), .. Harm("", "", ThisRun), .. Balance("", "", ThisRun),
        .. Warnings("whole_site_", SiteWords, WholeSite), .. Harm("whole_site_", SiteWords, WholeSite), .. Balance("whole_site_", SiteWords, WholeSite),
        .. Harm("no_warning_", " without any warning", NoWarning),
    ];

    private const string SiteWords = " under one alarm for the whole site";

    private static IEnumerable<RunMeasure> Warnings(string prefix, string under, WayOfWarning way) =>
    [
        new(prefix + "people_alarmed", $"People whom an alarm reached{under}.", way.Alarmed),
        new(prefix + "people_alarmed_needlessly", $"People whom an alarm reached and who had no burst within 100 m during any of their alarms{under}.", way.AlarmedNeedlessly),
        new(prefix + "needless_alarm_person_s", $"Time spent in needless alarms, person-seconds{under}.", way.NeedlessAlarmPersonS),
        new(prefix + "people_warned", $"People in danger whom an alarm reached before the first burst near them{under}.", way.Warned),
        new(prefix + "people_warned_in_time", $"People in danger whom an alarm reached before the first burst near them, with the time to do what they were told{under}.", way.WarnedInTime),
    ];

    private static IEnumerable<RunMeasure> Harm(string prefix, string under, WayOfWarning way) =>
    [
        new(prefix + "people_protected", $"Expected people in danger under some cover at the first burst near them{under}.", way.Protected),
        new(prefix + "people_injured", $"Expected people hurt by bursts and falling pieces, the killed among them{under}.", way.Injured),
        new(prefix + "people_killed", $"Expected people killed by bursts and falling pieces{under}.", way.Killed),
        new(prefix + "people_injured_by_pieces", $"The part of the injured that falling pieces cause{under}.", way.InjuredByPieces),
    ];

    private IEnumerable<RunMeasure> Balance(string prefix, string under, WayOfWarning way) =>
    [
        new(prefix + "people_hurt_by_acting", $"Expected people hurt by acting on an alarm, an order of magnitude{under}.", way.HurtByActing),
        new(prefix + "injuries_averted", $"Expected people hurt without warning, less those hurt{(under.Length > 0 ? under : " in this run")}.", NoWarning.Injured - way.Injured),
        new(prefix + "people_spared_net", $"Injuries averted less people hurt by acting{under}.", SparedNet(way)),
    ];
}
