using CsCheck;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Control;

/// <summary>The desk in whatever order the Site speaks, operators act and servers restart, against a plain account of what each must be able to rely on.</summary>
public class WarningReleaseModelTests
{
    private const double Dangerous = 0.05, LimitS = 5;
    private static readonly SiteFile s_file = ChannelSamples.Site();
    private static readonly IReadOnlyList<ZonePlace> s_places = ZonePlaces.Of(s_file);
    private static readonly string[] s_zones = [.. s_places.Take(2).Select(z => z.Id)];

    private enum Act
    {
        Join, Believe, End, Wait, Retract, AllClear, AllClearEverywhere, Confirm, Acknowledge, Restart,
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_no_danger_that_nobody_dismissed_is_silent_and_each_identity_is_raised_and_ended_once() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 1], Gen.Int[0, 5], Gen.OneOf(Gen.Double[0.0001, 0.049], Gen.Double[0.05, 0.999])).Array[1, 40]).Sample((confirm, steps) =>
        {
            World world = new(confirm);
            foreach ((Act act, int zone, int which, double number) in steps)
            {
                world.Do(act, zone, which, number);
                world.Settle();
                world.Check();
            }
        }, iter: 1_000);

    /// <summary>A round as the Site believes it.</summary>
    private sealed class Round(int track, Instant joined)
    {
        public int Track => track;

        public Instant Joined => joined;

        public double Risk { get; set; }

        /// <summary>From which risk it counts again; null where nobody dismissed it.</summary>
        public double? CountsFrom { get; set; }

        /// <summary>Whether the warning that stands now was raised for it.</summary>
        public bool InRaise { get; set; }

        public bool IsDanger => Risk >= Dangerous && !(CountsFrom is { } from && Risk < from);
    }

    private sealed class World : IReleaseOutput
    {
        private readonly bool _confirm;
        private readonly List<Round>[] _rounds = [[], []];
        private readonly int?[] _site = [null, null];
        private readonly bool[] _told = [false, false], _seen = [false, false];
        private readonly Instant[] _raisedAt = [default, default];
        private readonly Dictionary<string, WarningMessage> _outside = [];
        private readonly HashSet<int> _held = [];
        private readonly Instant _began = ChannelSamples.Start;
        private WarningRelease _desk;
        private Instant _now;
        private int _raised, _tracks;

        public World(bool confirm) => (_confirm, _now, _desk) = (confirm, _began, Desk(confirm));

        public void Do(Act act, int zone, int which, double number)
        {
            List<Round> rounds = _rounds[zone];
            WarningId? open = _site[zone] is { } n ? new(n) : null;
            switch (act)
            {
                case Act.Join:
                    rounds.Add(new(++_tracks, _now) { Risk = number });
                    Say(zone);
                    break;
                case Act.Believe when rounds.Count > 0:
                    rounds[which % rounds.Count].Risk = number;
                    Say(zone);
                    break;
                case Act.End when open is { } id:
                    (_site[zone], int raised) = (null, id.Number);
                    rounds.Clear();
                    _desk.Cleared(_now, id, which % 2 == 0 ? WarningEnd.Over : WarningEnd.Retracted);
                    _held.Remove(raised);
                    break;
                case Act.Wait:
                    _now = _now.AddSeconds(6 * number);
                    break;
                case Act.Retract when open is { } id:
                    if (_desk.Retract(_now, id) == ActOutcome.Done) Dismiss(zone);
                    break;
                case Act.AllClear or Act.AllClearEverywhere:
                    foreach (WarningId w in _desk.AllClear(_now, act == Act.AllClear ? s_zones[zone] : null))
                    {
                        int of = Array.IndexOf(_site, w.Number);
                        Assert.True(_seen[of] || _now.SecondsSince(_raisedAt[of]) >= 3, $"{w} was ended unseen");
                        Dismiss(of);
                    }
                    break;
                case Act.Confirm when open is { } id:
                    bool waits = _held.Contains(id.Number);
                    Assert.Equal(waits, _desk.Confirm(_now, id) == ActOutcome.Done);
                    _seen[zone] |= waits;
                    break;
                case Act.Acknowledge when open is { } id:
                    Assert.Equal(ActOutcome.Done, _desk.Acknowledge(id, "anna"));
                    _seen[zone] = true;
                    break;
                case Act.Restart:
                    WarningRelease next = Desk(_confirm);
                    next.Restore(_desk.Save());
                    _desk = next;
                    break;
            }
        }

        /// <summary>What the Site's thread does at each turn.</summary>
        public void Settle()
        {
            _desk.Tick(_now);
            foreach (Warning w in _desk.Reconsider(_now, (zone, dismissed) =>
            {
                Round[] left = [.. _rounds[zone].Where(r => !(dismissed.TryGetValue(new(r.Track), out double from) && r.Risk < from))];
                return left.Any(r => r.Risk >= Dangerous) ? Warning(zone, left) : null;
            }))
                RaisedNow(w.Zone);
        }

        public void Check()
        {
            // What is open is what was raised outside and not ended there, each with its newest message.
            Assert.Equal(_outside.Values.Where(m => !m.IsEnd).OrderBy(m => m.Warning.Number).Select(m => (m.Identity, m.Revision, m.Act)), _desk.Open.Select(m => (m.Identity, m.Revision, m.Act)));
            for (int zone = 0; zone < 2; zone++)
            {
                bool told = _desk.Open.Any(m => m.Zone.Id == s_zones[zone]) || (_site[zone] is { } n && _held.Contains(n));
                bool danger = _rounds[zone].Any(r => r.IsDanger);
                // What an operator ended stays ended while what was dismissed is all there is.
                Assert.True(danger ? told : !told || _told[zone], $"{s_zones[zone]} is {(danger ? "in danger and silent" : "warned of what was dismissed")}");
                if (_site[zone] is null) Assert.False(told);
                _told[zone] = told;
            }
        }

        private void Say(int zone)
        {
            Round[] rounds = [.. _rounds[zone]];
            if (_site[zone] is not null)
            {
                _desk.Updated(_now, Warning(zone, rounds));
                return;
            }
            if (!rounds.Any(r => r.Risk >= Dangerous)) return;
            _site[zone] = ++_raised;
            RaisedNow(zone);
            _desk.Raised(_now, Warning(zone, rounds));
        }

        private void RaisedNow(int zone)
        {
            foreach (Round r in _rounds[zone]) r.InRaise = true;
            (_raisedAt[zone], _seen[zone]) = (_now, false);
        }

        private void Dismiss(int zone)
        {
            _told[zone] = false;
            Assert.DoesNotContain(_desk.Open, m => m.Zone.Id == s_zones[zone]);
            foreach (Round r in _rounds[zone])
                r.CountsFrom = r.InRaise || r.Joined <= _now.AddSeconds(-3) ? 2 * r.Risk : null;
        }

        private Warning Warning(int zone, Round[] rounds) => new()
        {
            Id = new(_site[zone]!.Value),
            Status = OperationStatus.Test,
            Zone = zone,
            Probability = rounds.Max(r => r.Risk),
            ImpactTime = _now.AddSeconds(60),
            LeadTimeS = 60,
            Advice = Advice.Shelter,
            Tracks = [.. rounds.Select(r => new TrackId(r.Track))],
        };

        private WarningRelease Desk(bool confirm) => new("camp.1", s_file.Definition, s_places, new(confirm, LimitS), _ => [],
            (zone, track) => _rounds[zone].SingleOrDefault(r => r.Track == track.Number)?.Risk ?? 0, this);

        public void Send(WarningMessage message)
        {
            if (_outside.TryGetValue(message.Identity, out WarningMessage? before))
                Assert.True(!before.IsEnd && message.Revision == before.Revision + 1 && message.Act != WarningAct.Raised, $"{message.Identity}: {message.Act} {message.Revision} after {before.Act} {before.Revision}");
            else Assert.Equal((1, WarningAct.Raised), (message.Revision, message.Act));
            // Of one zone one warning at a time stands outside.
            Assert.DoesNotContain(_outside.Values, m => !m.IsEnd && m.Zone == message.Zone && m.Identity != message.Identity);
            _outside[message.Identity] = message;
        }

        public void Held(WarningMessage message, Instant sendsAt)
        {
            Assert.True(_confirm && sendsAt > _now && sendsAt <= message.RaisedTime.AddSeconds(LimitS), $"held until {sendsAt}");
            _held.Add(message.Warning.Number);
        }

        public void Released(WarningMessage message, ReleaseWay way, double heldS) => _held.Remove(message.Warning.Number);
    }
}
