using Tocsin.Numerics;
using Tocsin.Prediction;

namespace Tocsin.Warnings;

/// <summary>What is believed of one round: where it comes down, and how surely it is a round at all.</summary>
internal struct Belief
{
    public TrackId Track;
    public ImpactComponent Impact;

    /// <summary>Probability that the track exists and is ballistic.</summary>
    public double Weight;

    /// <summary>Distance within which its impact harms people.</summary>
    public double HarmRadiusM;

    /// <summary>Whether a zone's warning hangs on it: the next plot of it is to be judged at once.</summary>
    public bool Pressing;

    /// <summary>Zones with a probability above zero, and that probability.</summary>
    public List<(int Zone, double Probability)> Zones;
}

/// <summary>Decides for each zone whether to warn, and carries each warning from its raising to its end.</summary>
/// <remarks>
/// A zone is warned where the expected harm of staying silent until the next look exceeds that of a needless alarm: p r s &gt; 1 - p,
/// with p the probability that a round lands in the zone or near enough to harm, r
/// <see cref="WarningPolicy.SilenceToNeedlessHarmRatio"/> and s the share of that harm which silence costs by then. Until the lead that
/// the zone needs (its time to shelter, the delay of the slowest channel and a share of the time's sigma) waiting costs nothing and the
/// picture sharpens: s is 0 and nothing is decided. After it every second costs: s grows from a quarter to the whole when half of that lead is
/// gone (chosen), so what is sure is warned at once and what is doubtful gets the looks that settle most doubts. The rounds of a zone are
/// taken as independent: p = 1 - product of (1 - p_i).
/// </remarks>
internal sealed class WarningDesk
{
    private const double RetractShare = 0.05, FirstUrgency = 0.25;
    private const int LooksToRetract = 3;
    private const double PressingOdds = 2;
    private const double ChangedProbability = 0.15, ChangedTimeS = 1;
    private const double AwayFromWindowsLeadS = 4;

    private readonly SiteDefinition _site;
    private readonly OperationStatus _status;
    private readonly double _nextLookS, _longestLeadS;
    // Sorted by track; new tracks have the highest numbers, so that adding costs nothing.
    private readonly SortedList<int, Belief> _beliefs = [];
    private readonly List<int> _expired = [];
    private readonly ZoneState[] _zones;
    private int _open, _raised;

    public WarningDesk(SiteDefinition site, OperationStatus status)
    {
        _site = site;
        _status = status;
        double look = 0;
        foreach (SensorDefinition s in site.Sensors) look = Math.Max(look, s.ScanPeriodS);
        _nextLookS = Math.Min(look, 4) + site.LatenessS;
        _zones = new ZoneState[site.Zones.Length];
        for (int i = 0; i < _zones.Length; i++)
        {
            _zones[i] = new();
            _longestLeadS = Math.Max(_longestLeadS, site.Zones[i].TimeToShelterS);
        }
    }

    /// <summary>Whether no warning is open.</summary>
    public bool IsIdle => _open == 0;

    /// <summary>Takes in what is now believed of a round.</summary>
    public void Believe(TrackId track, in ImpactComponent impact, double weight, Kind kind)
    {
        _beliefs.TryGetValue(track.Number, out Belief b);
        b.Zones ??= [];
        b.Zones.Clear();
        b.Track = track;
        b.Impact = impact;
        b.Weight = weight;
        b.HarmRadiusM = kind switch
        {
            Kind.Mortar => _site.Policy.MortarHarmRadiusM,
            Kind.Artillery => _site.Policy.ArtilleryHarmRadiusM,
            _ => _site.Policy.RocketHarmRadiusM,
        };
        _beliefs[track.Number] = b;
    }

    /// <summary>Forgets a round: it is not held to be one any more.</summary>
    public void Disbelieve(TrackId track) => _beliefs.Remove(track.Number);

    /// <summary>Whether a zone is near its warning, or in doubt about one that stands, because of this round, as last judged.</summary>
    public bool IsPressing(TrackId track) => _beliefs.TryGetValue(track.Number, out Belief b) && b.Pressing;

    /// <summary>Judges every zone as things stand at <paramref name="now"/>: raises, updates, retracts and clears warnings.</summary>
    public void Judge(Instant now, ISiteOutput output)
    {
        if (_zones.Length == 0) return;
        CollectRisks(now);
        for (int z = 0; z < _zones.Length; z++)
        {
            ZoneState s = _zones[z];
            if (s.Open) Continue(s, z, now, output);
            else if (Exceeds(1 - s.Silence, s.Urgency)) Raise(s, z, now, output);
        }
        if (_site.Sensors.Length > 1) Press(now);
    }

    /// <summary>Notes the rounds that the next decisions hang on: those of a zone without a warning whose odds are within <see cref="PressingOdds"/> of one,
    /// and those of a zone whose warning is doubted, since several looks must agree to take it back.</summary>
    private void Press(Instant now)
    {
        for (int i = 0; i < _beliefs.Count; i++)
        {
            Belief b = _beliefs.GetValueAtIndex(i);
            bool pressing = false;
            if (b.Impact.Time > now)
                foreach ((int zone, double probability) in b.Zones)
                {
                    ZoneState s = _zones[zone];
                    if (probability > 0) pressing |= s.Open ? s.Doubted > 0 : Exceeds(1 - s.Silence, PressingOdds * s.Urgency);
                }
            if (pressing != b.Pressing) _beliefs.SetValueAtIndex(i, b with { Pressing = pressing });
        }
    }

    /// <summary>The probability that a round comes down in a zone or near enough to harm there, as now believed; 0 where nothing is believed of it.</summary>
    public double RiskOf(TrackId round, int zone)
    {
        if (!_beliefs.TryGetValue(round.Number, out Belief b)) return 0;
        if (b.Zones.Count == 0) FindZones(b);
        double risk = 0;
        foreach ((int z, double probability) in b.Zones)
            if (z == zone) risk = probability * b.Weight;
        return risk;
    }

    /// <summary>What would be raised for a zone whose warning is open if some rounds did not count, each as long as its risk is under that given with it; null where that
    /// is nothing. It changes nothing.</summary>
    public Warning? JudgeWithout(int zone, IReadOnlyDictionary<TrackId, double> rounds, Instant now)
    {
        if (!_zones[zone].Open) return null;
        var s = new ZoneState { Id = _zones[zone].Id };
        foreach (Belief b in _beliefs.Values)
        {
            double lead = b.Impact.Time.SecondsSince(now);
            if (lead < -_site.Policy.HoldTimeS || IsEarly(b, lead)) continue;
            foreach ((int z, double probability) in b.Zones)
                if (z == zone && !(rounds.TryGetValue(b.Track, out double below) && probability * b.Weight < below)) AddTo(s, z, b, probability, lead);
        }
        return Exceeds(1 - s.Silence, s.Urgency) ? Now(s, zone, now) : null;
    }

    private bool Exceeds(double p, double urgency) => p * _site.Policy.SilenceToNeedlessHarmRatio * urgency > 1 - p;

    /// <summary>The share of the harm of silence that another look without a warning would cost.</summary>
    private static double Urgency(double leadAtNextLookS, double neededS)
    {
        if (leadAtNextLookS > neededS) return 0;
        return Math.Min(1, FirstUrgency + (1 - FirstUrgency) * (neededS - leadAtNextLookS) / (0.5 * neededS));
    }

    private void CollectRisks(Instant now)
    {
        foreach (ZoneState s in _zones) s.Reset();
        _expired.Clear();
        foreach ((int number, Belief b) in _beliefs)
        {
            double lead = b.Impact.Time.SecondsSince(now);
            if (lead < -_site.Policy.HoldTimeS)
            {
                _expired.Add(number);
                continue;
            }
            if (IsEarly(b, lead)) continue;
            if (b.Zones.Count == 0) FindZones(b);
            foreach ((int zone, double probability) in b.Zones) AddTo(_zones[zone], zone, b, probability, lead);
        }
        foreach (int number in _expired) _beliefs.Remove(number);
    }

    private double SlackS(in Belief b) => _site.Policy.ChannelDelayS + _site.Policy.TimeSigmaShare * b.Impact.TimeSigmaS;

    /// <summary>Whether a round comes down later than any zone needs to know: it is left for a sharper picture.</summary>
    private bool IsEarly(in Belief b, double leadS) => leadS - _nextLookS > _longestLeadS + SlackS(b);

    private void AddTo(ZoneState s, int zone, in Belief b, double probability, double leadS) =>
        s.Add(b, probability * b.Weight, leadS, Urgency(leadS - _nextLookS, _site.Zones[zone].TimeToShelterS + SlackS(b)));

    private void FindZones(in Belief b)
    {
        for (int z = 0; z < _zones.Length; z++)
        {
            double p = ZoneRisk.Probability(b.Impact, _site.Zones[z].Area, b.HarmRadiusM);
            if (p > 0) b.Zones.Add((z, p));
        }
        if (b.Zones.Count == 0) b.Zones.Add((0, 0));
    }

    private void Raise(ZoneState s, int zone, Instant now, ISiteOutput output)
    {
        s.Open = true;
        _open++;
        s.Id = new(++_raised);
        s.LastImpact = s.Latest;
        s.Doubted = 0;
        Tell(s, zone, now);
        output.WarningRaised(now, s.Told);
    }

    private void Continue(ZoneState s, int zone, Instant now, ISiteOutput output)
    {
        double p = 1 - s.Silence;
        if (s.Rounds.Count > 0 && p > 0) s.LastImpact = s.Latest;
        bool over = now.SecondsSince(s.LastImpact) >= _site.Policy.HoldTimeS;
        // To take a warning back wrongly is the worst that can be done to people who have just been warned: it asks for more than
        // to have not raised it, and for several looks that agree.
        bool doubted = p * _site.Policy.SilenceToNeedlessHarmRatio < RetractShare * (1 - p);
        s.Doubted = doubted ? s.Doubted + 1 : 0;
        bool retracted = !over && s.Doubted >= LooksToRetract;
        if (over || retracted)
        {
            s.Open = false;
            _open--;
            output.WarningCleared(now, s.Id, _status, zone, over ? WarningEnd.Over : WarningEnd.Retracted);
            return;
        }
        // After the impact there is nothing to tell until the warning ends or another round comes.
        if (s.Earliest <= now) return;
        bool changed = !s.Rounds.SequenceEqual(s.Told.Tracks) || Math.Abs(p - s.Told.Probability) > ChangedProbability
            || Math.Abs(s.Earliest.SecondsSince(s.Told.ImpactTime)) > ChangedTimeS || AdviceFor(zone, s.Earliest.SecondsSince(now)) != s.Told.Advice;
        if (!changed) return;
        Tell(s, zone, now);
        output.WarningUpdated(now, s.Told);
    }

    private void Tell(ZoneState s, int zone, Instant now) => s.Told = Now(s, zone, now);

    private Warning Now(ZoneState s, int zone, Instant now) => new()
    {
        Id = s.Id,
        Status = _status,
        Zone = zone,
        Probability = 1 - s.Silence,
        ImpactTime = s.Earliest,
        LeadTimeS = s.Earliest.SecondsSince(now),
        Advice = AdviceFor(zone, s.Earliest.SecondsSince(now)),
        Tracks = s.Rounds.ToArray(),
    };

    /// <summary>Writes or reads the beliefs and the open warnings.</summary>
    public void Exchange(StateExchange x)
    {
        x.Field(ref _raised);
        int count = x.Count(_beliefs.Count);
        Belief[] beliefs = x.IsLoading ? new Belief[count] : [.. _beliefs.Values];
        if (x.IsLoading) _beliefs.Clear();
        foreach (ref Belief b in beliefs.AsSpan())
        {
            Exchange(x, ref b);
            // Which zones it touches follows from where it comes down.
            if (x.IsLoading) _beliefs[b.Track.Number] = b with { Zones = [] };
        }
        _open = 0;
        foreach (ZoneState s in _zones)
        {
            x.Field(ref s.Open);
            if (!s.Open) continue;
            _open++;
            s.Exchange(x);
        }
    }

    private static void Exchange(StateExchange x, ref Belief b)
    {
        int track = b.Track.Number;
        x.Field(ref track);
        b.Track = new(track);
        Instant time = b.Impact.Time;
        Span<double> v = [b.Impact.Weight, b.Impact.EastM, b.Impact.NorthM, b.Impact.EastEastM2, b.Impact.EastNorthM2, b.Impact.NorthNorthM2, b.Impact.TimeSigmaS];
        x.Field(ref time);
        x.Fields(v);
        b.Impact = new(v[0], v[1], v[2], time, v[3], v[4], v[5], v[6]);
        x.Field(ref b.Weight);
        x.Field(ref b.HarmRadiusM);
        x.Field(ref b.Pressing);
    }

    private Advice AdviceFor(int zone, double leadS) =>
        leadS >= _site.Zones[zone].TimeToShelterS ? Advice.Shelter : leadS >= AwayFromWindowsLeadS ? Advice.AwayFromWindows : Advice.Drop;

    /// <summary>One zone: its risk as last judged, and its warning.</summary>
    private sealed class ZoneState
    {
        public readonly List<TrackId> Rounds = [];
        public double Silence = 1;
        public double Urgency;
        public bool Open;
        public int Doubted;
        public Instant Earliest, Latest, LastImpact;
        public WarningId Id;
        public Warning Told;

        public void Reset()
        {
            Rounds.Clear();
            Silence = 1;
            Urgency = 0;
        }

        public void Add(in Belief b, double probability, double leadS, double urgency)
        {
            if (probability <= 0) return;
            Silence *= 1 - probability;
            // A round that is down already is a reason to hold, not to raise.
            if (leadS > 0) Urgency = Math.Max(Urgency, urgency);
            bool ahead = leadS > 0;
            if (Rounds.Count == 0)
            {
                (Earliest, Latest) = (b.Impact.Time, b.Impact.Time);
                EarliestAhead = ahead;
            }
            else
            {
                if ((ahead && !EarliestAhead) || (ahead == EarliestAhead && b.Impact.Time < Earliest))
                    (Earliest, EarliestAhead) = (b.Impact.Time, ahead);
                if (b.Impact.Time > Latest) Latest = b.Impact.Time;
            }
            Rounds.Add(b.Track);
        }

        /// <summary>Writes or reads an open warning; the rest is judged anew at every look.</summary>
        public void Exchange(StateExchange x)
        {
            int id = Id.Number, advice = (int)Told.Advice, status = (int)Told.Status, zone = Told.Zone;
            double probability = Told.Probability, lead = Told.LeadTimeS;
            Instant impact = Told.ImpactTime;
            x.Field(ref id);
            x.Field(ref LastImpact);
            x.Field(ref Doubted);
            x.Field(ref status);
            x.Field(ref zone);
            x.Field(ref probability);
            x.Field(ref impact);
            x.Field(ref lead);
            x.Field(ref advice);
            var tracks = new TrackId[x.Count(Told.Tracks?.Count ?? 0)];
            for (int i = 0; i < tracks.Length; i++)
            {
                int track = x.IsLoading ? 0 : Told.Tracks![i].Number;
                x.Field(ref track);
                tracks[i] = new(track);
            }
            Id = new(id);
            Told = new()
            {
                Id = Id,
                Status = (OperationStatus)status,
                Zone = zone,
                Probability = probability,
                ImpactTime = impact,
                LeadTimeS = lead,
                Advice = (Advice)advice,
                Tracks = tracks,
            };
        }

        /// <summary>Whether <see cref="Earliest"/> is still to come.</summary>
        private bool EarliestAhead { get; set; }
    }
}
