using CsCheck;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Tests.Feeds;

public sealed class BlindSectorTests
{
    private const double RadPerDegree = Math.PI / 180;

    private static string Without(SiteDefinition site, int missing) => new BlindSector(site).Describe(s => s == missing, s => s != missing);

    [Fact]
    public void A_lone_sensor_blinds_all_sides_out_to_its_range() =>
        Assert.Equal("from all sides, out to 14 km", Without(FeedBench.SiteOf(FeedBench.Radar("R1", 46, 8, 14_000)), 0));

    [Fact]
    public void A_sensor_inside_another_leaves_nothing_unseen() =>
        Assert.Equal("", Without(FeedBench.SiteOf(FeedBench.Radar("R1", 46, 8, 14_000), FeedBench.Radar("R2", 46, 8, 20_000)), 0));

    [Fact]
    public void A_longer_range_round_a_shorter_one_is_unseen_beyond_it() =>
        Assert.Equal("from all sides, between 14 and 20 km", Without(FeedBench.SiteOf(FeedBench.Radar("R1", 46, 8, 20_000), FeedBench.Radar("R2", 46, 8, 14_000)), 0));

    [Fact]
    public void The_sector_turns_with_the_site()
    {
        // Two equal discs: the one in direction b alone covers a lobe that is centred on b.
        Gen.Int[0, 15].Sample(wind =>
        {
            double b = wind * 22.5 * RadPerDegree, d = 0.05;
            (double north, double east) = (d * Math.Cos(b), d * Math.Sin(b) / Math.Cos(46 * RadPerDegree));
            SiteDefinition site = FeedBench.SiteOf(FeedBench.Radar("A", 46 + north, 8 + east, 12_000), FeedBench.Radar("B", 46 - north, 8 - east, 12_000));
            string[] words = Without(site, 0).Split(", ")[0].Split(' ');
            int first = Array.IndexOf(s_winds, words[2]), last = Array.IndexOf(s_winds, words[^1]);
            Assert.Equal(((wind - first) + 16) % 16, ((last - wind) + 16) % 16);
        }, iter: 50);
    }

    [Fact]
    public void Arcs_name_the_winds_at_their_ends()
    {
        bool[] blind = new bool[32];
        foreach (int i in (int[])[30, 31, 0, 1, 2, 12]) blind[i] = true;
        Assert.Equal("from the south-east and from the north-north-west to the north-north-east", BlindSector.Arcs(blind));
    }

    private static readonly string[] s_winds =
    [
        "north", "north-north-east", "north-east", "east-north-east", "east", "east-south-east", "south-east", "south-south-east",
        "south", "south-south-west", "south-west", "west-south-west", "west", "west-north-west", "north-west", "north-north-west",
    ];
}
