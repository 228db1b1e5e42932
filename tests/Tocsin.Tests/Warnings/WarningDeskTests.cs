using CsCheck;
using Tocsin.Numerics;
using Tocsin.Prediction;
using Tocsin.Warnings;

namespace Tocsin.Tests.Warnings;

/// <summary>The life of a warning, told the beliefs by hand. One radar that looks once a second and a hold of 0.2 s: the next look is 1.2 s away.</summary>
public sealed class WarningDeskTests
{
    private const double NextLookS = 1.2, NeededS = 10 + 2 + 2 * SigmaS, SigmaS = 0.5, StepS = 0.1;
    private static readonly SiteDefinition Site = Bench.Place(zones: [Bench.Zone("A", 0, 0, 300), Bench.Zone("B", 3_000, 0, 300, shelterS: 20)]);
    private static readonly Instant Impact = Bench.Start.AddSeconds(40);

    private readonly WarningDesk _desk = new(Site, OperationStatus.Exercise);
    private readonly Recorder _said = new();

    [Fact]
    public void A_sure_round_is_warned_of_when_the_zones_lead_is_about_to_be_lost_and_no_sooner()
    {
        Believe(1, Impact);
        RunTo(Impact);
        Warning w = Assert.Single(_said.Raised).Warning;
        Assert.Equal(NeededS + NextLookS, w.LeadTimeS, StepS);
        Assert.Equal((0, Impact, 1.0, OperationStatus.Exercise, Advice.Shelter), (w.Zone, w.ImpactTime, w.Probability, w.Status, w.Advice));
        Assert.Equal([new TrackId(1)], w.Tracks);
    }

    [Fact]
    public void A_zone_that_needs_longer_is_warned_longer_ahead()
    {
        Believe(1, Impact, east: 3_000);
        RunTo(Impact);
        Warning w = Assert.Single(_said.Raised).Warning;
        Assert.Equal((1, NeededS + 10 + NextLookS), (w.Zone, Math.Round(w.LeadTimeS, 1)));
    }

    [Fact]
    public void Doubtful_rounds_wait_until_silence_costs_more() => Gen.Double[0.02, 0.99].Sample(p =>
    {
        var desk = new WarningDesk(Site, OperationStatus.Test);
        var said = new Recorder();
        desk.Believe(new(1), At(Impact), p, Kind.Rocket);
        for (double t = 0; t < 40; t += StepS) desk.Judge(Bench.Start.AddSeconds(t), said);
        // p r s > 1 - p, the urgency s going from a quarter at the lead needed to 1 at half of it.
        double urgency = (1 - p) / (5 * p);
        if (urgency >= 1) Assert.Empty(said.Raised);
        else
        {
            double lead = NextLookS + NeededS - (urgency <= 0.25 ? 0 : (urgency - 0.25) / 0.75 * 0.5 * NeededS);
            Assert.Equal(lead, Assert.Single(said.Raised).Warning.LeadTimeS, StepS + 1e-6);
        }
    });

    [Theory]
    [InlineData(0.16, false)]
    [InlineData(0.175, true)]
    public void The_ratio_of_harms_alone_decides_in_the_end(double probability, bool warned)
    {
        Believe(1, Impact, weight: probability);
        RunTo(Impact);
        Assert.Equal(warned ? 1 : 0, _said.Raised.Count);
        // Another ratio, another answer.
        SiteDefinition bold = Site with { Policy = new() { SilenceToNeedlessHarmRatio = warned ? 1 : 50 } };
        var desk = new WarningDesk(bold, OperationStatus.Test);
        var said = new Recorder();
        desk.Believe(new(1), At(Impact), probability, Kind.Rocket);
        for (double t = 0; t < 40; t += StepS) desk.Judge(Bench.Start.AddSeconds(t), said);
        Assert.Equal(warned ? 0 : 1, said.Raised.Count);
    }

    [Fact]
    public void Two_rounds_on_one_zone_are_one_warning_that_is_updated()
    {
        Believe(2, Impact, weight: 0.6);
        RunTo(Impact.AddSeconds(-9));
        WarningId id = Assert.Single(_said.Raised).Warning.Id;
        Believe(1, Impact.AddSeconds(-3), weight: 0.5);
        Judge(Impact.AddSeconds(-8.9));
        Assert.Single(_said.Raised);
        Warning w = _said.Updated[^1].Warning;
        Assert.Equal((id, Impact.AddSeconds(-3)), (w.Id, w.ImpactTime));
        Assert.Equal([new TrackId(1), new TrackId(2)], w.Tracks);
        Assert.Equal(1 - 0.4 * 0.5, w.Probability, 1e-12);
        Assert.Equal(5.9, w.LeadTimeS, 1e-6);
        // Nothing new, nothing told.
        int told = _said.Lines.Count;
        Judge(Impact.AddSeconds(-8.8));
        Assert.Equal(told, _said.Lines.Count);
        // When the earlier one is down the later one is the next.
        RunTo(Impact.AddSeconds(-2));
        Assert.Equal(Impact, _said.Updated[^1].Warning.ImpactTime);
    }

    [Fact]
    public void Advice_follows_the_lead()
    {
        Believe(1, Impact);
        RunTo(Impact.AddSeconds(5));
        Assert.Equal([Advice.Shelter, Advice.AwayFromWindows, Advice.Drop],
            [_said.Raised[0].Warning.Advice, .. _said.Updated.Select(u => u.Warning.Advice)]);
        Assert.Equal(10, _said.Updated[0].Warning.LeadTimeS, StepS + 1e-6);
        Assert.Equal(4, _said.Updated[1].Warning.LeadTimeS, StepS + 1e-6);
    }

    [Fact]
    public void One_bad_look_takes_nothing_back_and_several_do()
    {
        Believe(1, Impact);
        RunTo(Impact.AddSeconds(-10));
        _desk.Disbelieve(new(1));
        Judge(Impact.AddSeconds(-9.9));
        Judge(Impact.AddSeconds(-9.8));
        Believe(1, Impact);
        Judge(Impact.AddSeconds(-9.7));
        Assert.Empty(_said.Cleared);
        // The count begins anew.
        _desk.Disbelieve(new(1));
        Judge(Impact.AddSeconds(-9.6));
        Judge(Impact.AddSeconds(-9.5));
        Assert.Empty(_said.Cleared);
        Judge(Impact.AddSeconds(-9.4));
        Assert.Equal((new WarningId(1), WarningEnd.Retracted), (_said.Cleared[0].Id, _said.Cleared[0].Reason));
        Assert.True(_desk.IsIdle);
    }

    [Fact]
    public void A_doubt_that_would_not_have_raised_does_not_retract()
    {
        Believe(1, Impact);
        RunTo(Impact.AddSeconds(-10));
        Believe(1, Impact, weight: 0.05);
        for (int i = 1; i < 50; i++) Judge(Impact.AddSeconds(-10 + 0.1 * i));
        Assert.Empty(_said.Cleared);
    }

    [Fact]
    public void It_is_over_when_the_hold_time_has_passed_after_the_last_impact_and_its_identity_is_not_used_again()
    {
        Believe(1, Impact);
        Believe(2, Impact.AddSeconds(10));
        Assert.True(_desk.IsIdle);
        RunTo(Impact.AddSeconds(69.5));
        Assert.Empty(_said.Cleared);
        Assert.False(_desk.IsIdle);
        RunTo(Impact.AddSeconds(71));
        (Instant now, WarningId id, WarningEnd reason) = Assert.Single(_said.Cleared);
        Assert.Equal((new WarningId(1), WarningEnd.Over), (id, reason));
        Assert.Equal(70, now.SecondsSince(Impact), StepS + 1e-6);
        Assert.True(_desk.IsIdle);

        Believe(3, Impact.AddSeconds(200));
        RunTo(Impact.AddSeconds(200));
        Assert.Equal([new WarningId(1), new WarningId(2)], _said.Raised.Select(r => r.Warning.Id));
    }

    [Fact]
    public void What_passes_by_or_is_down_already_raises_nothing()
    {
        Believe(1, Impact, east: 1_500);
        Believe(2, Bench.Start.AddSeconds(-1));
        RunTo(Impact.AddSeconds(10));
        Assert.Empty(_said.Lines);
    }

    [Fact]
    public void Without_some_rounds_a_zone_is_judged_as_a_desk_that_never_heard_of_them_would() =>
        Gen.Select(Gen.Select(Gen.Double[0, 60], Gen.Double[-200, 3_200], Gen.Double[0.05, 1], Gen.Bool).Array[1, 6], Gen.Double[0, 60]).Sample((rounds, atS) =>
        {
            WarningDesk all = new(Site, OperationStatus.Test), others = new(Site, OperationStatus.Test);
            Recorder said = new(), expected = new();
            Instant now = Bench.Start.AddSeconds(atS);
            // A round that is sure to come down at once opens both warnings, so that there is one to judge.
            foreach (double east in (double[])[0, 3_000]) all.Believe(new(east == 0 ? 1 : 2), At(now.AddSeconds(1), east), 1, Kind.Rocket);
            for (int i = 0; i < rounds.Length; i++)
            {
                (double impactS, double east, double weight, bool counts) = rounds[i];
                TrackId track = new(i + 3);
                all.Believe(track, At(Bench.Start.AddSeconds(impactS), east), weight, Kind.Rocket);
                if (counts) others.Believe(track, At(Bench.Start.AddSeconds(impactS), east), weight, Kind.Rocket);
            }
            all.Judge(now, said);
            others.Judge(now, expected);
            Assert.Equal([0, 1], said.Raised.Select(r => r.Warning.Zone));
            byte[] before = Saved(all);
            for (int zone = 0; zone < 2; zone++)
            {
                Dictionary<TrackId, double> dismissed = new() { [new(1)] = 2, [new(2)] = 2 };
                // A round is left out as long as its risk is under the one given with it, by as little as may be; at that risk it counts.
                for (int i = 0; i < rounds.Length; i++)
                    if (!rounds[i].Item4) dismissed[new(i + 3)] = Math.BitIncrement(all.RiskOf(new(i + 3), zone));
                    else if (i % 2 == 0) dismissed[new(i + 3)] = all.RiskOf(new(i + 3), zone);
                Warning? judged = all.JudgeWithout(zone, dismissed, now);
                Warning[] alone = [.. expected.Raised.Select(r => r.Warning).Where(w => w.Zone == zone)];
                Assert.Equal(alone.Length > 0, judged is not null);
                if (judged is not { } w) continue;
                Assert.Equal((new WarningId(zone + 1), alone[0].Probability, alone[0].ImpactTime, alone[0].LeadTimeS, alone[0].Advice), (w.Id, w.Probability, w.ImpactTime, w.LeadTimeS, w.Advice));
                Assert.Equal(alone[0].Tracks, w.Tracks);
            }
            Assert.Equal(before, Saved(all));
        }, iter: 500);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.6)]
    [InlineData(1)]
    public void The_risk_of_one_round_to_a_zone_is_what_its_warning_says(double weight)
    {
        _desk.Believe(new(7), At(Impact), weight, Kind.Rocket);
        Assert.Equal(0, _desk.RiskOf(new(8), 0));
        double risk = _desk.RiskOf(new(7), 0);
        Assert.InRange(risk, 0.5 * weight, weight);
        Judge(Impact.AddSeconds(-1));
        if (_said.Raised.Count > 0) Assert.Equal(risk, _said.Raised[0].Warning.Probability, 1e-12);
        else Assert.Equal(0.01, weight);
    }

    [Fact]
    public void Where_no_warning_is_open_there_is_none_to_judge_without_a_round()
    {
        Believe(1, Impact);
        Judge(Impact.AddSeconds(-39));
        Assert.Null(_desk.JudgeWithout(0, new Dictionary<TrackId, double>(), Impact.AddSeconds(-1)));
    }

    private static byte[] Saved(WarningDesk desk)
    {
        var x = StateExchange.Into([]);
        desk.Exchange(x);
        return x.Buffer[..x.Length];
    }

    private Instant _clock = Bench.Start;

    private void RunTo(Instant end)
    {
        for (; _clock < end; _clock = _clock.AddSeconds(StepS)) _desk.Judge(_clock, _said);
    }

    private void Judge(Instant now) => _desk.Judge(now, _said);

    private void Believe(int track, Instant impact, double east = 0, double weight = 1) => _desk.Believe(new(track), At(impact, east), weight, Kind.Rocket);

    private static ImpactComponent At(Instant time, double east = 0) => new(1, east, 0, time, 100, 0, 100, SigmaS);
}
