using System.Text;

namespace Tocsin.Cli.Tests.Campaigns;

/// <summary>A small scenario at the small site, quick enough for many runs.</summary>
internal static class CampaignSamples
{
    /// <summary>Two alternatives: what the site believes of its channel's delay.</summary>
    public const string Factors = """
        "campaign": {"question": "Does a slower channel warn <too> late?", "measure": "warned_lead_median_s", "better": "more", "factors": [
          {"name": "channel delay", "unit": "s", "path": "site:$.tocsin.warning.channelDelayS", "values": [0, 12], "labels": ["at once", "\"slow\", 12 s"]}]},
        """;

    /// <summary>Writes scenario and site, and gives the scenario's path.</summary>
    public static string Write(TempFolder folder, string members = "")
    {
        folder.Write("camp.site.geojson", Samples.Site(Samples.Zones()));
        return folder.Write("raid.json", $$"""
            {
              "name": "three mortar bombs", "summary": "A raid made for a test.", "status": "exercise", "sources": [{"claim": "S1", "source": "Nobody", "grade": "C"}],
              "claims": [{"by": "One side", "says": "three bombs", "grade": "C", "about": "rounds_fired", "value": 3}, {"by": "Another", "says": "two hit", "grade": "B", "about": "rounds_landed_in_zone", "value": 2, "atLeast": true},
                {"by": "A third", "says": "one was shot down", "grade": "B", "about": "rounds_neutralised", "value": 1}],
              "chosen": ["All of it."], "site": "camp.site.geojson", "startTime": "2024-01-01T00:00:00Z", "durationS": 45, "seed": 1, {{members}}
              "salvos": [
                {"id": "A", "kind": "mortar", "count": 3, "launchTimes": {"startS": 1, "windowS": 5},
                 "launchArea": {"centre": [0.03, 0.02], "radiusM": 100}, "aim": {"centre": [0, 0], "sigmaAlongM": 300, "sigmaAcrossM": 200},
                 "elevationDeg": [46, 75], "speedMps": 260, "ballisticCoefficientKgPerM2": 4000, "drag": "subsonic"}
              ],
              "radars": [{"sensor": "R1", "clutter": {"meanPerScan": 2} }]
            }
            """);
    }

    /// <summary>Reads comma-separated values by RFC 4180: another reader than anybody else's.</summary>
    public static List<List<string>> ReadCsv(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
                else quoted = false;
                continue;
            }
            switch (c)
            {
                case '"': quoted = true; break;
                case ',':
                    row.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\n':
                    row.Add(cell.ToString());
                    cell.Clear();
                    rows.Add(row);
                    row = [];
                    break;
                default: cell.Append(c); break;
            }
        }
        Assert.False(quoted);
        Assert.Empty(row);
        return rows;
    }
}
