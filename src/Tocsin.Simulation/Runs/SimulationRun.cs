using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Simulation.Engagement;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>One run of a scenario: its truth, and the plots of its radars in the order in which they reach the site.</summary>
/// <remarks>The same scenario, site, seed and run number give the same truth and plots, bit for bit, whatever else the process
/// does. What is added to a scenario (a radar, a bird, a round at a salvo's end) does not move what was there. Its output
/// is an exercise always.</remarks>
public sealed class SimulationRun
{
    /// <summary>Seconds from one state of the truth to the next.</summary>
    public const double StateStepS = 0.5;

    private SimulationRun(Scenario scenario, SiteDefinition site, long seed, int run, Truth truth, IReadOnlyList<SimulatedPlot> plots)
    {
        (Scenario, Site, Seed, Run, Truth, Plots) = (scenario, site, seed, run, truth, plots);
    }

    /// <summary>The flight of each round of the truth; null where it never flew.</summary>
    internal IReadOnlyList<Trajectory?> Flights { get; private init; } = [];

    /// <summary>The air that everything flies through.</summary>
    internal FlightEnvironment Environment { get; private init; } = FlightEnvironment.Calm;

    /// <summary>The random streams of the run.</summary>
    internal RunStreams Streams { get; private init; } = new(0, 0);

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>The site.</summary>
    public SiteDefinition Site { get; }

    /// <summary>The seed.</summary>
    public long Seed { get; }

    /// <summary>The run's number among those of its seed.</summary>
    public int Run { get; }

    /// <summary>What happens where no defence interferes; what really happened is <see cref="RaidInMotion.Truth"/>.</summary>
    public Truth Truth { get; }

    /// <summary>The plots in the order of arrival, as if every round came down; who plays the run takes those of <see cref="RaidInMotion.Plots"/>.</summary>
    public IReadOnlyList<SimulatedPlot> Plots { get; }

    /// <summary>Flies the raid and lets the radars look at it.</summary>
    /// <param name="scenario">A scenario that <see cref="ScenarioFile"/> has read.</param>
    /// <param name="site">The site that it names.</param>
    /// <param name="seed">The seed; the scenario's own where left out.</param>
    /// <param name="run">The run's number among those of the seed.</param>
    /// <returns>The run, or why the scenario cannot be flown at this site.</returns>
    public static Loaded<SimulationRun> Prepare(Scenario scenario, SiteDefinition site, long? seed = null, int run = 0)
    {
        long usedSeed = seed ?? scenario.Seed;
        var streams = new RunStreams(unchecked((ulong)usedSeed), unchecked((uint)run));
        var radars = new List<RadarModel>();
        for (int i = 0; i < scenario.Radars.Count; i++)
        {
            if (!RadarModel.Make(site, scenario.Radars[i], $"{scenario.Name}: $.radars[{i}]", streams).Succeeded(out RadarModel? radar, out string? problem))
                return Loaded<SimulationRun>.Failed(problem);
            radars.Add(radar);
        }

        var environment = new FlightEnvironment(TruthWind.Of(scenario.Weather, site.GroundElevationM, streams));
        var rounds = new List<DrawnRound>();
        foreach (Salvo salvo in scenario.Salvos)
        {
            if (!new SalvoFlights(salvo, site.GroundElevationM, environment, streams).Draw().Succeeded(out List<DrawnRound>? drawn, out string? problem))
                return Loaded<SimulationRun>.Failed($"{scenario.Name}: {problem}");
            rounds.AddRange(drawn);
        }

        var air = new Air(scenario, radars);
        foreach (DrawnRound round in rounds) air.Add(round);
        var others = new OtherFlights(site.GroundElevationM, environment, streams, scenario.DurationS);
        foreach (AircraftRoute route in scenario.Aircraft)
            if (others.Aircraft(route) is { } aircraft) air.Add(aircraft, TruthCause.Aircraft);
        foreach (Flock flock in scenario.Birds)
            foreach (AirObject bird in others.Birds(flock)) air.Add(bird, TruthCause.Bird);
        foreach (Gunfire gun in scenario.Gunfire)
            foreach (AirObject shot in others.Shots(gun)) air.Add(shot, TruthCause.Gunfire);

        return Loaded<SimulationRun>.Of(new(scenario, site, usedSeed, run, air.Truth(), air.Plots())
        {
            Flights = [.. rounds.Select(r => r.Flight)],
            Environment = environment,
            Streams = streams,
        });
    }

    /// <summary>Sets the run in motion, with the defence of its scenario where it has one. Each call begins anew.</summary>
    public RaidInMotion Begin() => Begin(Scenario.Defence is { } defence ? new Defence(this, defence) : null);

    /// <summary>Sets the run in motion with a defence of the caller's.</summary>
    internal RaidInMotion Begin(IDefence? defence) => new(this, defence);

    /// <summary>Drives a Site of its own by the run's plots, as fast as it goes, until nothing is left to wait for.</summary>
    /// <param name="output">Receives all that the Site says.</param>
    /// <returns>The run, at its end.</returns>
    public RaidInMotion Play(ISiteOutput output) => Play(Begin(), output);

    /// <summary>Plays a run that was set in motion.</summary>
    internal RaidInMotion Play(RaidInMotion raid, ISiteOutput output)
    {
        var playback = new Playback(new Site(Site, OperationStatus.Exercise), new Broadcast(output, raid));
        foreach (SimulatedPlot plot in raid.Plots) playback.Feed(plot.Plot);
        playback.RunOn();
        raid.Finish();
        return raid;
    }

    /// <summary>What stands between what the Site says and those who hear it: the scenario's operator, who may hold warnings.</summary>
    /// <param name="output">Hears what leaves.</param>
    public ISiteOutput Heard(ISiteOutput output) => Scenario.Operator is { ConfirmDelayS: > 0 } confirming ? new HeldWarnings(Site, confirming.ConfirmDelayS, output) : output;

    /// <summary>Gathers what is in the air, and what radars and truth make of it.</summary>
    private sealed class Air(Scenario scenario, List<RadarModel> radars)
    {
        private readonly List<TruthRound> _rounds = [];
        private readonly List<TruthObject> _others = [];
        private readonly List<(int Index, AirObject Object)> _flying = [], _otherFlying = [];

        public void Add(DrawnRound round)
        {
            Instant launch = scenario.StartTime.AddSeconds(round.LaunchS);
            if (round.Flight is { } flight) _flying.Add((_rounds.Count, new(round.Id, round.CrossSectionRatio, round.LaunchS, flight)));
            _rounds.Add(new(round.Id, round.Kind, launch, round.Flight is null ? null : launch.AddSeconds(round.Flight.DurationS), round.Flight?.Impact));
        }

        public void Add(AirObject other, TruthCause cause)
        {
            _otherFlying.Add((_others.Count, other));
            _others.Add(new(other.Id, cause));
        }

        public SimulatedPlot[] Plots()
        {
            AirObject[] objects = [.. _flying.Select(f => f.Object), .. _otherFlying.Select(f => f.Object)];
            var plots = new List<SimulatedPlot>(radars.Sum(r => r.MostPlots(objects, scenario.DurationS)));
            foreach (RadarModel radar in radars) radar.Observe(objects, scenario.StartTime, scenario.DurationS, plots);
            // A stable order: what arrives at once keeps the order of measurement, of radars, and of objects. Keys are sorted, since a plot is ten times their size.
            var order = new (Instant Arrival, Instant Measured, int Index)[plots.Count];
            for (int i = 0; i < order.Length; i++) order[i] = (plots[i].ArrivalTime, plots[i].Plot.Time, i);
            Array.Sort(order, static (a, b) =>
            {
                int c = a.Arrival.CompareTo(b.Arrival);
                if (c == 0) c = a.Measured.CompareTo(b.Measured);
                return c != 0 ? c : a.Index.CompareTo(b.Index);
            });
            var sorted = new SimulatedPlot[order.Length];
            for (int i = 0; i < sorted.Length; i++) sorted[i] = plots[order[i].Index];
            return sorted;
        }

        public Truth Truth() => new(_rounds, States(_flying, double.PositiveInfinity, (t, i, p, v, seen) => new TruthState(t, i, p, v, seen)))
        {
            Others = _others,
            OtherStates = States(_otherFlying, scenario.DurationS, (t, i, p, v, seen) => new TruthObjectState(t, i, p, v, seen)),
        };

        // States lie on one grid of times for all, so that a scan's picture of the truth is one time's.
        private List<T> States<T>(List<(int Index, AirObject Object)> objects, double endS, Func<Instant, int, Geodetic, Enu, bool, T> make)
        {
            if (objects.Count == 0) return [];
            var states = new List<T>(objects.Sum(o => 1 + (int)((Math.Min(endS, o.Object.EndS) - Math.Max(0, o.Object.StartS)) / StateStepS is > 0 and var steps ? steps : 0)));
            long first = (long)Math.Ceiling(Math.Max(0, objects.Min(o => o.Object.StartS)) / StateStepS);
            long last = (long)Math.Floor(Math.Min(endS, objects.Max(o => o.Object.EndS)) / StateStepS);
            for (long step = first; step <= last; step++)
            {
                double timeS = step * StateStepS;
                foreach ((int index, AirObject seen) in objects)
                {
                    if (timeS < seen.StartS || timeS > seen.EndS) continue;
                    (Ecef position, Ecef velocity) = seen.StateAt(timeS);
                    (double heightM, LocalAxes axes) = Wgs84.Vertical(position);
                    bool visible = radars.Exists(r => r.Coverage.Covers(r.Coverage.Measure(position, velocity).Measurement, heightM));
                    states.Add(make(scenario.StartTime.AddSeconds(timeS), index, new Geodetic(axes.LatitudeRad, axes.LongitudeRad, heightM), axes.RotateToEnu(velocity), visible));
                }
            }
            return states;
        }
    }
}
