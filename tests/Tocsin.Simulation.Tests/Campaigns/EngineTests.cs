using System.Text;
using CsCheck;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Campaigns;

public sealed class EngineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tocsin campaign ");

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static SiteDefinition? ReadSite(ReadOnlyMemory<byte> geoJson, string name, out string? problem)
    {
        problem = null;
        return Shipped.ParseSite(geoJson);
    }

    private static readonly string s_factors = """
        "campaign": {"question": "Q?", "measure": "rounds_missed", "factors": [
          {"name": "channel delay", "unit": "s", "path": "site:$.tocsin.warning.channelDelayS", "values": [0, 8]},
          {"name": "second radar", "levels": [
            {"label": "none"},
            {"label": "in the south", "set": [
              {"path": "site:$.features[+]", "value": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1.43, 18.41, 468]}, "properties": {"kind": "sensor", "id": "R2", "rangeSigmaM": 15,
                "azimuthSigmaDeg": 0.172, "elevationSigmaDeg": 0.172, "scanPeriodS": 0.5, "maxRangeM": 10000, "minElevationDeg": 2, "detectionProbability": 0.9}}},
              {"path": "$.radars[+]", "value": {"sensor": "R2"}}]}]}]},
        "site":
        """;

    private CampaignPlan Plan(string? member = null, long? seed = null)
    {
        string text = File.ReadAllText(Shipped.PathOf("kidal"));
        if (member is not null) text = text.Replace("\"site\":", member, StringComparison.Ordinal);
        File.WriteAllText(At("kidal.json"), text);
        File.Copy(Path.Combine(Shipped.Folder, "kidal.site.geojson"), At("kidal.site.geojson"), overwrite: true);
        return Shipped.Must(CampaignPlan.Read(At("kidal.json"), seed, "test", ReadSite));
    }

    private static List<FinishedRun> Runs(ThreadEngine engine, CampaignPlan plan, int first, int end, int? enough = null)
    {
        var runs = new List<FinishedRun>();
        string? problem = engine.Run(plan, first, end, run =>
        {
            runs.Add(run);
            return runs.Count != enough;
        }, TestContext.Current.CancellationToken);
        Assert.Null(problem);
        return runs;
    }

    private static string Text(FinishedRun run) => $"{run.Row.Run}: {string.Join(',', run.Row.Values)} {string.Join(' ', run.Row.Impacts)}";

    /// <summary>Common random numbers: the alternatives of a replication meet the same rounds, and those of the next one others.</summary>
    [Fact]
    public void AlternativesMeetTheSameRaid()
    {
        CampaignPlan plan = Plan(s_factors);
        Assert.Equal(["0, none", "0, in the south", "8, none", "8, in the south"], plan.Alternatives.Select(a => a.Name));
        Assert.Equal([1, 2, 1, 2], plan.Alternatives.Select(a => a.Site.Sensors.Length));
        RunResult[] runs = [.. Enumerable.Range(0, 5).Select(k => Shipped.Must(plan.Make(k)))];
        Assert.All(runs[..4], r => Assert.Equal(runs[0].Run.Truth.Rounds, r.Run.Truth.Rounds));
        Assert.NotEqual(runs[0].Run.Truth.Rounds, runs[4].Run.Truth.Rounds);
        // The first radar sees the same with a second one beside it.
        Assert.Equal(runs[0].Run.Plots.Where(p => p.Plot.Sensor == 0), runs[1].Run.Plots.Where(p => p.Plot.Sensor == 0));
        Assert.Equal((4, 1, 0), (runs.Length - 1, plan.ReplicationOf(4), plan.AlternativeOf(4).Index));
    }

    [Fact]
    public void ThreadsAndWhereItBeginsChangeNothing()
    {
        CampaignPlan plan = Plan(s_factors);
        List<FinishedRun> one = Runs(new ThreadEngine(1), plan, 0, 10), three = Runs(new ThreadEngine(3), plan, 0, 10), later = Runs(new ThreadEngine(2), plan, 6, 10);
        Assert.Equal(Enumerable.Range(0, 10), one.Select(r => r.Row.Run));
        Assert.Equal(one.Select(Text), three.Select(Text));
        Assert.Equal(one.Skip(6).Select(Text), later.Select(Text));
        Assert.Equal(3, Runs(new ThreadEngine(2), plan, 0, 10, enough: 3).Count);
        Assert.Equal(one.Count, one.Select(Text).Distinct().Count());
    }

    [Fact]
    public void ARunThatCannotBeMadeIsSaidInItsTurn()
    {
        CampaignPlan plan = Plan("""
            "campaign": {"question": "Q?", "measure": "rounds_missed", "factors": [{"name": "radar", "path": "$.radars[0].sensor", "values": ["R1", "R9"]}]},
            "site":
            """);
        var taken = new List<int>();
        string? problem = new ThreadEngine(2).Run(plan, 0, 8, run =>
        {
            taken.Add(run.Row.Run);
            return true;
        }, TestContext.Current.CancellationToken);
        Assert.Equal([0], taken);
        Assert.Contains("run 1 (R9)", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AQuestionMayBeAskedAnewOfTheSameRuns()
    {
        string identity = Plan(s_factors).Identity;
        Assert.Equal(identity, Plan(s_factors.Replace("Q?", "Another?", StringComparison.Ordinal)).Identity);
        Assert.NotEqual(identity, Plan(s_factors.Replace("[0, 8]", "[0, 9]", StringComparison.Ordinal)).Identity);
        Assert.NotEqual(identity, Plan(s_factors, seed: 5).Identity);
    }

    /// <summary>The document beside the results is enough to make any run again.</summary>
    [Fact]
    public void TheDocumentMakesTheSameRuns()
    {
        CampaignPlan plan = Plan(s_factors, seed: 77);
        File.WriteAllText(At("campaign.json"), plan.Document());
        CampaignPlan again = Shipped.Must(CampaignPlan.ReadDocument(At("campaign.json"), ReadSite));
        Assert.Equal((plan.Identity, plan.Seed, plan.Document()), (again.Identity, again.Seed, again.Document()));
        Assert.Equal(Text(Runs(new ThreadEngine(1), plan, 3, 4)[0]), Text(Runs(new ThreadEngine(1), again, 3, 4)[0]));
    }

    /// <summary>Wherever a kill cuts the journal, what is left of it is a prefix of the runs, and going on from there gives the same file.</summary>
    [Fact]
    public void AJournalThatWasCutAnywhereGoesOn()
    {
        MeasureColumn[] columns = [new("a_m", "A, with a comma.", false), new("b", "B.", true)];
        FinishedRun[] runs = [.. Enumerable.Range(0, 12).Select(i => new FinishedRun(columns, new(i, [i / 7.0 - 1e-9, i % 3 == 0 ? null : i], i % 4 == 0 ? [] : [new(0, i, -i), new(-1, 7, 8)])))];
        string whole = At("whole"), cut = At("cut");
        Write(whole, runs);
        byte[] bytes = File.ReadAllBytes(whole);
        Gen.Int[0, bytes.Length].Sample(length =>
        {
            File.WriteAllBytes(cut, bytes[..length]);
            Write(cut, runs);
            Assert.Equal(bytes, File.ReadAllBytes(cut));
        }, iter: 150, threads: 1);
        // A damaged byte ends what holds, too.
        Gen.Int[0, bytes.Length - 1].Sample(at =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 1;
            File.WriteAllBytes(cut, damaged);
            if (!Journal.Open(cut, "id").Succeeded(out Journal? opened, out _)) return;
            using (opened)
            {
                Assert.True(opened.Runs <= 12);
                Assert.Equal(runs.Take(opened.Runs).Select(Text), opened.Read(12).Select(row => Text(new(columns, row))));
            }
        }, iter: 150, threads: 1);
    }

    private static void Write(string path, FinishedRun[] runs)
    {
        using Journal journal = Shipped.Must(Journal.Open(path, "id"));
        Assert.Equal(runs.Take(journal.Runs).Select(Text), journal.Read(runs.Length).Select(row => Text(new(journal.Columns, row))));
        foreach (FinishedRun run in runs[journal.Runs..]) journal.Add(run);
        Assert.Equal(runs[0].Columns, journal.Columns);
    }

    [Fact]
    public void AnotherCampaignsJournalIsRefused()
    {
        Shipped.Must(Journal.Open(At("j"), "one")).Dispose();
        Assert.False(Journal.Open(At("j"), "two").Succeeded(out _, out string? problem));
        Assert.Contains("another campaign", problem, StringComparison.Ordinal);
        File.WriteAllText(At("k"), "somebody's notes, longer than a checksum\n", Encoding.UTF8);
        Assert.False(Journal.Open(At("k"), "two").Succeeded(out _, out problem));
        Assert.Contains("not a campaign's journal", problem, StringComparison.Ordinal);
        Assert.StartsWith("somebody", File.ReadAllText(At("k")), StringComparison.Ordinal);
    }
}
