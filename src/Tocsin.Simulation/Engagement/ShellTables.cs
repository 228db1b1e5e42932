using System.Runtime.CompilerServices;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>Shell tables by gun, computed once: a campaign flies thousands of runs with one gun. What a table holds depends on its arguments alone, so who computes it does not matter.</summary>
internal static class ShellTables
{
    private static readonly ConditionalWeakTable<GunSettings, ShellTable> s_tables = [];

    public static ShellTable Of(GunSettings gun, double muzzleHeightM, double sinLatitude)
    {
        if (s_tables.TryGetValue(gun, out ShellTable? table) && table.MuzzleHeightM == muzzleHeightM && table.SinLatitude == sinLatitude) return table;
        table = new(gun, muzzleHeightM, sinLatitude);
        s_tables.AddOrUpdate(gun, table);
        return table;
    }
}
