using CsCheck;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Control;

/// <summary>The desk between the Site's warnings and the channels.</summary>
public class WarningReleaseTests
{
    private static readonly Instant s_now = ChannelSamples.Start;
    private readonly Heard _heard = new();

    [Fact]
    public void Without_confirmation_a_warning_leaves_at_once_with_its_identity_and_its_messages_count_up()
    {
        WarningRelease desk = Desk(confirm: false);
        desk.Raised(s_now, Warning(3, leadS: 30));
        desk.Updated(s_now.AddSeconds(1), Warning(3, leadS: 29));
        desk.Updated(s_now.AddSeconds(2), Warning(3, leadS: 31));
        desk.Cleared(s_now.AddSeconds(50), new(3), WarningEnd.Over);
        Assert.Equal(["W3 released Automatic", "W3.1 Raised", "W3.2 Updated", "W3.3 Updated", "W3.4 Over"], _heard.Lines);
        Assert.All(_heard.Sent, m => Assert.Equal("camp.20270115T0800Z.W3", m.Identity));
        Assert.All(_heard.Sent, m => Assert.Equal(s_now, m.RaisedTime));
        Assert.Equal([(1, 0.0), (2, 1.0), (3, 2.0)], _heard.Sent[^1].Prior.Select(p => (p.Revision, p.Time.SecondsSince(s_now))));
        Assert.Empty(desk.Open);
    }

    [Fact]
    public void What_the_site_no_longer_believes_is_retracted()
    {
        WarningRelease desk = Desk(confirm: false);
        desk.Raised(s_now, Warning(1, leadS: 30));
        desk.Cleared(s_now.AddSeconds(3), new(1), WarningEnd.Retracted);
        Assert.Equal("W1.2 Retracted", _heard.Lines[^1]);
    }

    [Fact]
    public void An_operator_who_confirms_lets_a_warning_out_and_only_once()
    {
        WarningRelease desk = Desk(confirm: true);
        desk.Raised(s_now, Warning(1, leadS: 60));
        Assert.Equal(["W1 held 5"], _heard.Lines);
        Assert.Empty(desk.Open);
        Assert.False(desk.IsReleased(new(1)));
        Assert.Equal(ActOutcome.Done, desk.Confirm(s_now.AddSeconds(2), new(1)));
        Assert.Equal(ActOutcome.NotNow, desk.Confirm(s_now.AddSeconds(2), new(1)));
        Assert.Equal(ActOutcome.NoSuchWarning, desk.Confirm(s_now.AddSeconds(2), new(2)));
        desk.Tick(s_now.AddSeconds(30));
        Assert.Equal(["W1 held 5", "W1 released Confirmed", "W1.1 Raised"], _heard.Lines);
        Assert.Equal((s_now.AddSeconds(2), s_now), (_heard.Sent[0].Time, _heard.Sent[0].RaisedTime));
        Assert.Equal(2, _heard.HeldS[0]);
    }

    [Fact]
    public void A_warning_that_nobody_looks_at_leaves_at_the_limit_and_not_before()
    {
        WarningRelease desk = Desk(confirm: true);
        desk.Raised(s_now, Warning(1, leadS: 60));
        desk.Tick(s_now.AddSeconds(4.999));
        Assert.Empty(_heard.Sent);
        desk.Tick(s_now.AddSeconds(5));
        Assert.Equal(["W1 held 5", "W1 released Timeout", "W1.1 Raised"], _heard.Lines);
    }

    [Fact]
    public void A_warning_whose_people_have_no_time_to_lose_is_not_held_at_all()
    {
        WarningRelease desk = Desk(confirm: true);
        desk.Raised(s_now, Warning(1, leadS: 10));
        Assert.Equal(["W1 released Automatic", "W1.1 Raised"], _heard.Lines);
    }

    [Fact]
    public void Whatever_the_site_says_meanwhile_no_warning_is_held_past_its_limit_or_its_peoples_need() =>
        Gen.Select(Gen.Double[0.5, 60], Gen.Double[0, 90], Gen.Select(Gen.Double[0.01, 8], Gen.Double[0, 90]).List[0, 12]).Sample((limitS, leadS, steps) =>
        {
            var heard = new Heard();
            WarningRelease desk = Desk(confirm: true, limitS, heard);
            desk.Raised(s_now, Warning(1, leadS));
            double at = 0, impactAt = leadS;
            CheckHeld();
            foreach ((double dt, double lead) in steps)
            {
                at += dt;
                desk.Tick(s_now.AddSeconds(at));
                CheckHeld();
                impactAt = at + lead;
                desk.Updated(s_now.AddSeconds(at), Warning(1, lead, at));
                CheckHeld();
            }
            desk.Tick(s_now.AddSeconds(200));
            Assert.Single(heard.Sent, m => m.Act == WarningAct.Raised);
            Assert.Equal(Enumerable.Range(1, heard.Sent.Count), heard.Sent.Select(m => m.Revision));

            // Ten seconds is what the zone needs to reach shelter.
            void CheckHeld()
            {
                if (heard.Sent.Count == 0) Assert.True(at < limitS + 1e-6 && at < impactAt - 10 + 1e-6, $"held at {at} s: the limit is {limitS}, the impact at {impactAt}");
            }
        }, iter: 300);

    [Fact]
    public void What_changes_while_a_warning_waits_is_in_its_first_message()
    {
        WarningRelease desk = Desk(confirm: true);
        desk.Raised(s_now, Warning(1, leadS: 60));
        desk.Updated(s_now.AddSeconds(1), Warning(1, leadS: 40) with { Probability = 0.99, Advice = Advice.Drop });
        Assert.Equal(["W1 held 5"], _heard.Lines);
        desk.Confirm(s_now.AddSeconds(2), new(1));
        WarningMessage sent = Assert.Single(_heard.Sent);
        Assert.Equal((1, WarningAct.Raised, 0.99, Advice.Drop), (sent.Revision, sent.Act, sent.Probability, sent.Advice));
    }

    [Fact]
    public void A_warning_whose_reason_goes_while_it_waits_never_goes_out()
    {
        WarningRelease desk = Desk(confirm: true);
        desk.Raised(s_now, Warning(1, leadS: 60));
        desk.Cleared(s_now.AddSeconds(1), new(1), WarningEnd.Retracted);
        desk.Tick(s_now.AddSeconds(60));
        Assert.Equal(["W1 held 5", "W1 released Withdrawn"], _heard.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_an_operator_retracts_a_warning_the_sites_later_words_stay_inside(bool held)
    {
        WarningRelease desk = Desk(confirm: held);
        desk.Raised(s_now, Warning(1, leadS: 60));
        Assert.Equal(ActOutcome.Done, desk.Retract(s_now.AddSeconds(1), new(1)));
        string[] before = [.. _heard.Lines];
        Assert.Equal(held ? "W1 released Withdrawn" : "W1.2 Retracted", before[^1]);
        Assert.Equal(ActOutcome.NotNow, desk.Retract(s_now.AddSeconds(1), new(1)));
        Assert.Equal(ActOutcome.NotNow, desk.Confirm(s_now.AddSeconds(1), new(1)));
        desk.Updated(s_now.AddSeconds(2), Warning(1, leadS: 20));
        desk.Tick(s_now.AddSeconds(59));
        desk.Cleared(s_now.AddSeconds(90), new(1), WarningEnd.Over);
        Assert.Equal(before, _heard.Lines);
        Assert.Equal(ActOutcome.NoSuchWarning, desk.Retract(s_now.AddSeconds(91), new(1)));
    }

    [Fact]
    public void The_all_clear_ends_one_zones_warnings_or_all_and_a_new_warning_sounds_again()
    {
        WarningRelease desk = Desk(confirm: false);
        desk.Raised(s_now, Warning(1, leadS: 60, zone: "Z1"));
        desk.Raised(s_now, Warning(2, leadS: 60, zone: "Z/2"));
        // Nobody who pressed the button has seen what came a moment before.
        Assert.Empty(desk.AllClear(s_now.AddSeconds(1), null));
        Assert.Equal(2, desk.Open.Length);
        Assert.Equal(ActOutcome.Done, desk.Acknowledge(new(2), "anna"));
        Assert.Equal([new WarningId(2)], desk.AllClear(s_now.AddSeconds(1), "Z/2"));
        Assert.Equal("W2.2 Over", _heard.Lines[^1]);
        Assert.Equal([1], desk.Open.Select(m => m.Warning.Number));
        Assert.Equal([new WarningId(1)], desk.AllClear(s_now.AddSeconds(3), null));
        Assert.Empty(desk.AllClear(s_now.AddSeconds(3), null));
        desk.Raised(s_now.AddSeconds(4), Warning(3, leadS: 60, zone: "Z/2"));
        Assert.Equal("W3.1 Raised", _heard.Lines[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_round_that_was_not_behind_a_dismissed_warning_raises_it_anew_under_an_identity_of_its_own(bool allClear)
    {
        WarningRelease desk = Desk(confirm: false);
        desk.Raised(s_now, Warning(3, leadS: 60));
        if (allClear) desk.AllClear(s_now.AddSeconds(5), null);
        else desk.Retract(s_now.AddSeconds(5), new(3));
        Assert.True(desk.IsSilenced(new(3)));
        Assert.Empty(desk.Reconsider(s_now.AddSeconds(6), SiteOf(Warning(3, leadS: 54))));
        Assert.Equal(2, _heard.Sent.Count);
        // The Site tells of another round under the same warning: the desk hears of it, and asks what that round alone would be.
        desk.Updated(s_now.AddSeconds(7), Warning(3, leadS: 20, atS: 7, tracks: [7, 9]));
        Assert.Equal(2, _heard.Sent.Count);
        Assert.Equal([new WarningId(3)], desk.Reconsider(s_now.AddSeconds(7), SiteOf(Warning(3, leadS: 20, atS: 7, tracks: [7, 9]))).Select(w => w.Id));
        WarningMessage again = _heard.Sent[2];
        Assert.Equal(("camp.20270115T0800Z.W3-2", 1, WarningAct.Raised, s_now.AddSeconds(7)), (again.Identity, again.Revision, again.Act, again.RaisedTime));
        Assert.Equal("W3-2", desk.ShownId(new(3)));
        Assert.Equal([again], desk.Open);
        Assert.Empty(again.Prior);
        Assert.Empty(desk.Reconsider(s_now.AddSeconds(8), SiteOf(Warning(3, leadS: 20, tracks: [7, 9]))));
        desk.Updated(s_now.AddSeconds(8), Warning(3, leadS: 10, atS: 8, tracks: [7, 9]));
        desk.Cleared(s_now.AddSeconds(90), new(3), WarningEnd.Over);
        Assert.Equal(["W3.1 Raised", allClear ? "W3.2 Over" : "W3.2 Retracted", "W3.1 Raised", "W3.2 Updated", "W3.3 Over"], _heard.Lines.Where(l => !l.Contains("released", StringComparison.Ordinal)));
        Assert.All(_heard.Sent.Skip(2), m => Assert.Equal("camp.20270115T0800Z.W3-2", m.Identity));
    }

    [Fact]
    public void What_was_dismissed_twice_stays_dismissed_and_each_new_round_counts_on()
    {
        WarningRelease desk = Desk(confirm: false);
        desk.Raised(s_now, Warning(1, leadS: 60));
        foreach ((int round, string id) in (ReadOnlySpan<(int, string)>)[(8, "W1-2"), (9, "W1-3")])
        {
            Assert.Equal(ActOutcome.Done, desk.Retract(s_now.AddSeconds(round), new(1)));
            Assert.Empty(desk.Reconsider(s_now.AddSeconds(round), SiteOf(Warning(1, leadS: 40, tracks: [.. Enumerable.Range(7, round - 7)]))));
            Assert.Single(desk.Reconsider(s_now.AddSeconds(round), SiteOf(Warning(1, leadS: 40, tracks: [.. Enumerable.Range(7, round - 6)]))));
            Assert.Equal(id, desk.ShownId(new(1)));
        }
    }

    [Fact]
    public void A_round_that_joins_just_before_the_all_clear_is_not_dismissed_by_it_as_nobody_can_have_seen_it()
    {
        foreach ((double joinedS, bool again) in (ReadOnlySpan<(double, bool)>)[(4.9, true), (2.1, true), (1.9, false)])
        {
            WarningRelease desk = Desk(confirm: false);
            desk.Raised(s_now, Warning(1, leadS: 60));
            Warning both = Warning(1, leadS: 50, tracks: [7, 8]);
            desk.Updated(s_now.AddSeconds(joinedS), both);
            desk.AllClear(s_now.AddSeconds(5), null);
            Assert.Equal(again, desk.Reconsider(s_now.AddSeconds(5), SiteOf(both)).Count == 1);
        }
        // What the warning was raised for is dismissed however soon: the operator looked at nothing else.
        WarningRelease fast = Desk(confirm: false);
        fast.Raised(s_now, Warning(1, leadS: 60));
        fast.Retract(s_now.AddSeconds(0.5), new(1));
        Assert.Empty(fast.Reconsider(s_now.AddSeconds(0.5), SiteOf(Warning(1, leadS: 59))));
    }

    [Fact]
    public void What_is_raised_anew_waits_for_an_operator_like_any_other()
    {
        WarningRelease desk = Desk(confirm: true);
        desk.Raised(s_now, Warning(1, leadS: 60));
        desk.Retract(s_now.AddSeconds(4), new(1));
        desk.Reconsider(s_now.AddSeconds(10), SiteOf(Warning(1, leadS: 60, atS: 10, tracks: [7, 8])));
        Assert.Equal(["W1 held 5", "W1 released Withdrawn", "W1 held 15"], _heard.Lines);
        desk.Tick(s_now.AddSeconds(15));
        Assert.Equal(("camp.20270115T0800Z.W1-2", 5.0), (Assert.Single(_heard.Sent).Identity, _heard.HeldS[^1]));
    }

    [Fact]
    public void After_a_restart_the_dismissed_rounds_are_still_known()
    {
        WarningRelease before = Desk(confirm: false), after = Desk(confirm: false);
        before.Raised(s_now, Warning(1, leadS: 60));
        before.Retract(s_now.AddSeconds(1), new(1));
        before.Reconsider(s_now.AddSeconds(2), SiteOf(Warning(1, leadS: 60, tracks: [7, 8])));
        before.Retract(s_now.AddSeconds(6), new(1));
        after.Restore(before.Save());
        Assert.True(after.IsSilenced(new(1)));
        Assert.Empty(after.Reconsider(s_now.AddSeconds(7), SiteOf(Warning(1, leadS: 60, tracks: [7, 8]))));
        Assert.Single(after.Reconsider(s_now.AddSeconds(7), SiteOf(Warning(1, leadS: 60, tracks: [7, 8, 9]))));
        Assert.Equal("W1-3", after.ShownId(new(1)));
    }

    /// <summary>A Site that holds one warning, and would raise it for any one of its rounds.</summary>
    private static Func<int, IReadOnlyDictionary<TrackId, double>, Warning?> SiteOf(Warning all) => (zone, dismissed) =>
    {
        Assert.Equal(all.Zone, zone);
        TrackId[] left = [.. all.Tracks.Where(t => !dismissed.TryGetValue(t, out double from) || from <= 0.5)];
        return left.Length > 0 ? all with { Tracks = left } : null;
    };

    [Fact]
    public void After_the_end_of_a_drill_nothing_of_it_sounds()
    {
        WarningRelease desk = Desk(confirm: false);
        desk.Raised(s_now, Warning(1, leadS: 60));
        desk.EndAll(s_now.AddSeconds(1));
        desk.Raised(s_now.AddSeconds(2), Warning(2, leadS: 60));
        desk.Updated(s_now.AddSeconds(2), Warning(1, leadS: 50));
        desk.Tick(s_now.AddSeconds(90));
        Assert.Equal("W1.2 Retracted", _heard.Lines[^1]);
    }

    [Fact]
    public void A_desk_restored_goes_on_where_the_saved_one_stood()
    {
        WarningRelease before = Desk(confirm: true);
        before.Raised(s_now, Warning(1, leadS: 60));
        before.Confirm(s_now.AddSeconds(1), new(1));
        before.Raised(s_now.AddSeconds(2), Warning(2, leadS: 60));
        before.Raised(s_now.AddSeconds(2), Warning(4, leadS: 60));
        before.Retract(s_now.AddSeconds(2), new(4));
        var heard = new Heard();
        WarningRelease after = Desk(confirm: true, heard: heard);
        after.Restore(before.Save());
        Assert.Empty(heard.Lines);
        Assert.Equal(["camp.20270115T0800Z.W1"], after.Open.Select(m => m.Identity));
        after.Updated(s_now.AddSeconds(3), Warning(1, leadS: 50));
        after.Updated(s_now.AddSeconds(3), Warning(4, leadS: 50));
        after.Tick(s_now.AddSeconds(6.5));
        Assert.Equal(["W1.2 Updated"], heard.Lines);
        after.Tick(s_now.AddSeconds(7));
        after.Cleared(s_now.AddSeconds(70), new(4), WarningEnd.Over);
        after.Cleared(s_now.AddSeconds(70), new(1), WarningEnd.Over);
        Assert.Equal(["W1.2 Updated", "W2 released Timeout", "W2.1 Raised", "W1.3 Over"], heard.Lines);
    }

    private static Warning Warning(int id, double leadS, double atS = 0, string zone = "Z1", int[]? tracks = null) => new()
    {
        Id = new(id),
        Status = OperationStatus.Test,
        Zone = ZonePlaces.Of(ChannelSamples.Site()).ToList().FindIndex(z => z.Id == zone),
        Probability = 0.5,
        ImpactTime = s_now.AddSeconds(atS + leadS),
        LeadTimeS = leadS,
        Advice = Advice.Shelter,
        Tracks = [.. (tracks ?? [7]).Select(t => new TrackId(t))],
    };

    private WarningRelease Desk(bool confirm, double limitS = 5, Heard? heard = null) => new("camp.20270115T0800Z", ChannelSamples.Site().Definition, ZonePlaces.Of(ChannelSamples.Site()),
        new(confirm, limitS), m => [new("en", true, m.Act.ToString(), "", "", "")], (_, _) => 0.5, heard ?? _heard);

    private sealed class Heard : IReleaseOutput
    {
        public List<string> Lines { get; } = [];

        public List<WarningMessage> Sent { get; } = [];

        public List<double> HeldS { get; } = [];

        public void Send(WarningMessage message)
        {
            Assert.Equal(message.Act.ToString(), Assert.Single(message.Texts).Headline);
            Sent.Add(message);
            Lines.Add($"{message.Warning}.{message.Revision} {message.Act}");
        }

        public void Held(WarningMessage message, Instant sendsAt) => Lines.Add(FormattableString.Invariant($"{message.Warning} held {sendsAt.SecondsSince(s_now):0.###}"));

        public void Released(WarningMessage message, ReleaseWay way, double heldS)
        {
            Lines.Add($"{message.Warning} released {way}");
            HeldS.Add(heldS);
        }
    }
}
