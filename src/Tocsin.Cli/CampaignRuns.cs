using System.CommandLine;
using System.Globalization;
using System.Text;
using Tocsin.Formats;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Simulation.Campaigns;

namespace Tocsin.Cli;

/// <summary>Campaigns as the commands see them: made of a scenario, or read again from the folder of one that was made.</summary>
internal static class CampaignRuns
{
    /// <summary>The options that name one run of a campaign.</summary>
    /// <remarks>Give both or neither.</remarks>
    public static (Option<string?> Campaign, Option<int?> Number) Options(Command command)
    {
        var campaign = new Option<string?>("--campaign") { Description = "Make a run of this campaign again: the folder that 'tocsin campaign' wrote.", HelpName = "DIR" };
        Option<int?> number = CommonOptions.Count("--number", "The run's number in that campaign, from 0.", 0, CampaignLimits.Runs - 1);
        command.Add(campaign);
        command.Add(number);
        command.Validators.Add(result =>
        {
            if (result.GetResult(campaign) is null != result.GetResult(number) is null) result.AddError("--campaign and --number go together");
        });
        return (campaign, number);
    }

    /// <summary>Resolves the campaign over a scenario.</summary>
    /// <exception cref="UnusableException">A file cannot be used, or an alternative cannot be made.</exception>
    public static CampaignPlan Plan(string scenarioPath, long? seed) => CampaignPlan.Read(scenarioPath, seed, RecordingHeader.ThisProduct, ReadSite).OrThrow();

    /// <summary>One run of a campaign that was made.</summary>
    /// <exception cref="UnusableException">The folder holds no campaign.</exception>
    public static Raid Raid(string folder, int number, Host host)
    {
        string document = new CampaignFolder(folder)[CampaignFolder.DocumentName];
        if (!File.Exists(document)) throw new UnusableException($"{folder}: holds no {CampaignFolder.DocumentName}; name the folder that 'tocsin campaign' wrote");
        CampaignPlan plan = CampaignPlan.ReadDocument(document, ReadSite).OrThrow();
        if (!CampaignPlan.IsOfThisBuild(document))
            host.Error.WriteLine(Host.OneLine($"{document}: was made by another build of this program; what it drew may differ here"));
        CampaignAlternative alternative = plan.AlternativeOf(number);
        int replication = plan.ReplicationOf(number);
        host.Error.WriteLine(Host.OneLine(string.Create(CultureInfo.InvariantCulture,
            $"run {number}: replication {replication} of alternative {alternative.Index} ({alternative.Name})")));
        SiteFile site = SiteFile.Parse(Encoding.UTF8.GetBytes(alternative.SiteJson), alternative.SiteName).OrThrow();
        return Cli.Raid.Draw(site, alternative.Scenario, plan.Seed, replication);
    }

    private static SiteDefinition? ReadSite(ReadOnlyMemory<byte> geoJson, string name, out string? problem)
    {
        InputResult<SiteFile> read = SiteFile.Parse(geoJson.Span, name);
        problem = read.Error?.ToString();
        return read.Value?.Definition;
    }
}
