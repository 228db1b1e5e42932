using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>Follows the people of a site through one run, after the fact: who heard what and when, what they did, what came down beside them.</summary>
/// <remarks>Three ways of warning are followed with the same persons, the same reaction times and the same impacts: the run's own warnings, one alarm for the whole site, and none. Harm is an
/// expected number, not a throw of dice: only who the persons are is drawn. The same run gives the same bits.</remarks>
public static class PeopleModel
{
    // Falling pieces are counted by zone and by times of this length, within which nobody's state is taken to change. Chosen: a piece's own place is evenly spread over its zone anyhow.
    private const double PieceStepS = 5;

    /// <summary>Judges one run.</summary>
    /// <param name="run">The run: its scenario says who the people are.</param>
    /// <param name="log">What the Site said.</param>
    /// <param name="strikes">What came down.</param>
    public static PeopleSummary Judge(SimulationRun run, RunLog log, IReadOnlyList<GroundStrike> strikes)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Judge(run.Scenario, run.Site, log, strikes, new(unchecked((ulong)run.Seed), unchecked((uint)run.Run)));
    }

    internal static PeopleSummary Judge(Scenario scenario, SiteDefinition site, RunLog log, IReadOnlyList<GroundStrike> strikes, RunStreams streams)
    {
        PeopleGround ground = PeopleGround.Of(scenario, site);
        Person[] crowd = Crowd.Draw(ground, streams);
        ShelterPlan.Assign(ground, crowd);
        double[] sirenDelaysS = AlarmPlan.SirenDelaysS(ground, streams);
        return new Judgement(ground, strikes).Of(crowd, AlarmPlan.ByZones(ground, log, sirenDelaysS), AlarmPlan.WholeSite(ground, log, sirenDelaysS));
    }

    /// <summary>What somebody must exceed to hear a siren: noise where they are.</summary>
    internal static double NoiseDb(SirenSound sound, Whereabouts at) => at switch
    {
        Whereabouts.Indoors => sound.IndoorNoiseDb,
        Whereabouts.Outdoors => sound.OutdoorNoiseDb,
        _ => sound.VehicleNoiseDb,
    };

    // One burst, in the site's frame.
    private readonly record struct Burst(double TimeS, double EastM, double NorthM, double HazardM, double Harm2M2, double Weight);

    // One burst as it finds one person.
    private readonly record struct Encounter(PersonState State, double EastM, double NorthM, double HazardM, double Weight);

    /// <summary>One run's impacts, and the people followed through them.</summary>
    private sealed class Judgement
    {
        private const double Near2M2 = WarningMeasures.NeedlessDistanceM * WarningMeasures.NeedlessDistanceM;

        private readonly PeopleGround _ground;
        private readonly Exposure _exposure;
        private readonly Burst[] _bursts;
        // By zone: times in the middle of a step, and how many pieces fell then, on average where the defence's shells are sampled.
        private readonly (double TimeS, double Count)[][] _pieces;
        private readonly double _farthestHazardM;
        private readonly List<int> _candidates = [];
        private readonly List<Encounter> _encounters = [];

        // Near a burst a person of the sample stands for people spread evenly over their share of the zone, at these many places each way, and for those indoors, outdoors and in
        // vehicles alike: there harm changes within a few metres, and drawing would leave it to chance. Chosen, with the distances, for a sample's error below a tenth of the harm.
        private const int PatchPlaces = 3, NearPatchPlaces = 6;
        private const double SpreadWithinM = 40, NearWithinM = 10;

        public Judgement(PeopleGround ground, IReadOnlyList<GroundStrike> strikes)
        {
            _ground = ground;
            PeopleInjury injury = ground.Settings.Injury;
            _exposure = new(injury);
            var bursts = new List<Burst>();
            var pieces = new SortedDictionary<(int Zone, long Step), double>();
            foreach (GroundStrike strike in strikes)
            {
                double timeS = strike.Time.SecondsSince(ground.Start), hazardM = Exposure.HazardDistanceM(injury, strike.RoundKind);
                Enu at = ground.At(strike.Place);
                if (strike.EnergyJ <= 0 && hazardM > 0)
                {
                    double harmM = HarmRadiusM(ground.Site.Policy, strike.RoundKind);
                    bursts.Add(new(timeS, at.East, at.North, hazardM, harmM * harmM, strike.Weight));
                    continue;
                }
                // What bursts and is no round is an effector's own shell: it counts as one piece that hurts.
                if (strike.EnergyJ > 0 && strike.EnergyJ < injury.CasualtyEnergyJ) continue;
                int zone = ground.ZoneAt(at.East, at.North);
                if (zone < 0) continue;
                (int, long) key = (zone, (long)Math.Floor(timeS / PieceStepS));
                pieces[key] = pieces.GetValueOrDefault(key) + strike.Weight;
            }
            _bursts = [.. bursts.OrderBy(b => b.TimeS)];
            _farthestHazardM = _bursts.Length > 0 ? _bursts.Max(b => b.HazardM) : 0;
            _pieces = [.. ground.Zones.Select((_, z) => pieces.Where(p => p.Key.Zone == z).Select(p => ((p.Key.Step + 0.5) * PieceStepS, p.Value)).ToArray())];
        }

        public PeopleSummary Of(Person[] crowd, AlarmPlan zones, AlarmPlan wholeSite)
        {
            PeopleSettings settings = _ground.Settings;
            Tally acted = new(), siteActed = new(), nobody = new();
            var timeline = new Timeline(_ground);
            var audible = new bool[_ground.Sirens.Length];
            double people = 0, inDanger = 0;
            foreach (ref readonly Person person in crowd.AsSpan())
            {
                people += person.Weight;
                double patchM = person.PatchM, cornerM = 0.70710678 * patchM;
                (double burstHeardS, double dangerS, double nearestM) = Look(person, cornerM);
                if (double.IsFinite(dangerS)) inDanger += person.Weight;
                bool spread = nearestM <= SpreadWithinM + cornerM;
                int places = nearestM <= NearWithinM + cornerM ? NearPatchPlaces : spread ? PatchPlaces : 1;
                Person one = person;
                for (Whereabouts at = Whereabouts.Indoors; at <= Whereabouts.InVehicle; at++)
                {
                    double share = spread ? _ground.ShareOf(at) : at == person.At ? 1 : 0;
                    if (!(share > 0)) continue;
                    one.Put(at, settings);
                    one.Weight = person.Weight * share;
                    for (int s = 0; s < audible.Length; s++) audible[s] = Hears(one, s);
                    timeline.Follow(one, burstHeardS);
                    Follow(one, timeline, dangerS, patchM, places, nobody);
                    timeline.Warn(zones, audible);
                    Follow(one, timeline, dangerS, patchM, places, acted);
                    timeline.Warn(wholeSite, audible);
                    Follow(one, timeline, dangerS, patchM, places, siteActed);
                }
            }
            double response = settings.Reaction.ResponseShare * Elementary.Pow(1 - settings.Fatigue.LossPerNeedless, settings.Fatigue.NeedlessBefore);
            return new(people, crowd.Length, _ground.HourOfDay, inDanger, acted.Figures, siteActed.Figures, nobody.Figures,
                _bursts.Length == 0 ? [] : [.. Words.Select((word, s) => (word, acted.States[s], siteActed.States[s], nobody.States[s]))], response);
        }

        private bool Hears(in Person person, int siren)
        {
            // No wind makes it louder than in calm air, so nobody hears it beyond its range.
            SirenField field = _ground.Sirens[siren];
            double east = person.EastM - field.EastM, north = person.NorthM - field.NorthM, range = _ground.Site.Sirens[siren].AudibleRangeM;
            bool couldIndoors = person.At == Whereabouts.Outdoors || NoiseDb(_ground.Settings.Sound, person.At) + person.LossDb < _ground.Settings.Sound.OutdoorNoiseDb;
            if (!couldIndoors && east * east + north * north > range * range) return false;
            return field.Heard(person.EastM, person.NorthM, person.LossDb, NoiseDb(_ground.Settings.Sound, person.At));
        }

        // When the first burst that drives the person under cover is heard, and when the first one near enough to harm comes; the bursts that may reach them are kept.
        private (double BurstHeardS, double DangerS, double NearestM) Look(in Person person, double cornerM)
        {
            _candidates.Clear();
            double heard = double.PositiveInfinity, danger = double.PositiveInfinity, nearest2 = double.PositiveInfinity, alarms = _ground.Settings.BurstAlarmsWithinM;
            double reach = _farthestHazardM + (person.Shelter >= 0 ? person.WayM : 0);
            reach = Math.Max(reach + cornerM, WarningMeasures.NeedlessDistanceM);
            for (int b = 0; b < _bursts.Length; b++)
            {
                ref readonly Burst burst = ref _bursts[b];
                double east = burst.EastM - person.EastM, north = burst.NorthM - person.NorthM, d2 = east * east + north * north;
                if (d2 <= alarms * alarms) heard = Math.Min(heard, burst.TimeS + Math.Sqrt(d2) / Timeline.SoundMps);
                if (d2 <= burst.Harm2M2) danger = Math.Min(danger, burst.TimeS);
                if (d2 <= reach * reach) _candidates.Add(b);
                nearest2 = Math.Min(nearest2, d2);
            }
            return (heard, danger, Math.Sqrt(nearest2));
        }

        private void Follow(in Person person, Timeline timeline, double dangerS, double patchM, int places, Tally tally)
        {
            double fromAbove = 0;
            foreach ((double timeS, double count) in _pieces[person.Zone])
                fromAbove += count * _exposure.PieceHits(timeline.At(timeS, out _, out _), _ground.Zones[person.Zone].GroundM2);
            if (_bursts.Length > 0) tally.States[(int)timeline.At(_bursts[0].TimeS, out _, out _)] += person.Weight;
            Harm(person, timeline, fromAbove, patchM, places, tally);
            if (double.IsFinite(dangerS) && Timeline.IsCover(timeline.At(dangerS, out _, out _))) tally.Protected += person.Weight;
            if (timeline.Episodes.Count > 0) Alarmed(person, timeline, dangerS, tally);
        }

        private void Harm(in Person person, Timeline timeline, double fromAbove, double patchM, int places, Tally tally)
        {
            _encounters.Clear();
            foreach (int b in _candidates)
            {
                ref readonly Burst burst = ref _bursts[b];
                PersonState state = timeline.At(burst.TimeS, out double eastM, out double northM);
                _encounters.Add(new(state, burst.EastM - eastM, burst.NorthM - northM, burst.HazardM, burst.Weight));
            }
            double weight = person.Weight / (places * places), killedShare = _ground.Settings.Injury.KilledShare;
            for (int n = 0; n < places; n++)
                for (int e = 0; e < places; e++)
                {
                    double eastM = patchM * ((e + 0.5) / places - 0.5), northM = patchM * ((n + 0.5) / places - 0.5), hits = fromAbove;
                    foreach (Encounter met in _encounters)
                    {
                        // A shelter is where it is, whoever comes to it.
                        bool sheltered = met.State == PersonState.InShelter;
                        double east = met.EastM - (sheltered ? 0 : eastM), north = met.NorthM - (sheltered ? 0 : northM);
                        hits += met.Weight * _exposure.BurstHits(met.State, east * east + north * north, met.HazardM);
                    }
                    if (!(hits > 0)) continue;
                    double injured = weight * Exposure.Probability(hits);
                    tally.Injured += injured;
                    tally.ByPieces += injured * (fromAbove / hits);
                    tally.Killed += weight * Exposure.Probability(killedShare * hits);
                }
        }

        private void Alarmed(in Person person, Timeline timeline, double dangerS, Tally tally)
        {
            tally.Alarmed += person.Weight;
            bool needed = false, warned = false, inTime = false;
            double needlessS = 0, actions = 0;
            foreach (Episode episode in timeline.Episodes)
            {
                bool near = NearBurst(person, episode.HearS - WarningMeasures.NeedlessToleranceS, episode.EndS + WarningMeasures.NeedlessToleranceS);
                needed |= near;
                if (!near) needlessS += episode.EndS - episode.HearS;
                if (episode.ActS < episode.EndS) actions++;
                bool stands = episode.HearS < dangerS && dangerS <= episode.EndS;
                warned |= stands;
                inTime |= stands && episode.DoneS <= dangerS;
            }
            if (!needed) tally.Needlessly += person.Weight;
            tally.NeedlessPersonS += person.Weight * needlessS;
            if (double.IsFinite(dangerS) && warned) tally.Warned += person.Weight;
            if (double.IsFinite(dangerS) && inTime) tally.InTime += person.Weight;
            tally.Hurt += person.Weight * actions * (person.Age switch
            {
                AgeGroup.Child => _ground.Settings.Injury.ChildHurtByActing,
                AgeGroup.Adult => _ground.Settings.Injury.AdultHurtByActing,
                _ => _ground.Settings.Injury.OlderHurtByActing,
            });
            tally.KilledShare = _ground.Settings.Injury.ActingKilledShare;
        }

        private bool NearBurst(in Person person, double fromS, double toS)
        {
            foreach (int b in _candidates)
            {
                ref readonly Burst burst = ref _bursts[b];
                double east = burst.EastM - person.EastM, north = burst.NorthM - person.NorthM;
                if (burst.TimeS >= fromS && burst.TimeS <= toS && east * east + north * north <= Near2M2) return true;
            }
            return false;
        }

        private static double HarmRadiusM(WarningPolicy policy, Kind kind) => kind switch
        {
            Kind.Mortar => policy.MortarHarmRadiusM,
            Kind.Artillery => policy.ArtilleryHarmRadiusM,
            _ => policy.RocketHarmRadiusM,
        };
    }

    // In the order of PersonState.
    private static readonly string[] Words =
        ["in a room", "upright outdoors", "in a vehicle", "running", "flat outdoors", "flat indoors", "at an inner wall", "in a shelter"];

    /// <summary>Sums over the sample.</summary>
    private sealed class Tally
    {
        public double Alarmed, Needlessly, NeedlessPersonS, Warned, InTime, Protected, Injured, Killed, ByPieces, Hurt, KilledShare;

        public double[] States { get; } = new double[Words.Length];

        public WayOfWarning Figures => new(Alarmed, Needlessly, NeedlessPersonS, Warned, InTime, Protected, Injured, Killed, ByPieces, Hurt, Hurt * KilledShare);
    }
}
