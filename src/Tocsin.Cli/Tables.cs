using System.Globalization;
using Spectre.Console;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;

namespace Tocsin.Cli;

/// <summary>What a person sees on standard error when a command is done.</summary>
internal static class Tables
{
    private const int MaxReasons = 8;

    /// <summary>The account of a pass.</summary>
    public static void Write(AccountSummary account, string site, OperationStatus status, TimeSpan took, Host host)
    {
        IAnsiConsole console = host.MakeConsole();
        Table table = Plain($"{Mark(status.ToString())}{site}");
        Add(table, "plots", Count(account.Plots) + string.Create(CultureInfo.InvariantCulture, $" in {took.TotalSeconds:0.00} s"));
        if (account.FirstTime is not null) Add(table, "from, to", $"{account.FirstTime}, {account.LastTime}");
        Add(table, "rejected input", Count(account.RejectedInput));
        Add(table, "tracks", $"{Count(account.Tracks)}, {Count(account.TracksPredicted)} with an impact predicted");
        Add(table, "warnings", $"{Count(account.Warnings.Raised)} raised, {Count(account.Warnings.Over)} over, {Count(account.Warnings.Retracted)} retracted");
        Add(table, "zones warned", $"{Count(account.Warnings.Zones)} with {Count((long)account.Warnings.People)} people");
        console.Write(table);
        foreach (RejectedInput r in account.Rejections.Take(MaxReasons)) host.Error.WriteLine(Host.OneLine($"rejected: {r.Source}: {r.Reason} ({r.Count})"));
        if (account.Rejections.Count > MaxReasons) host.Error.WriteLine($"rejected: {account.Rejections.Count - MaxReasons} reasons more; the summary names them");
    }

    /// <summary>The score of a run against truth.</summary>
    public static void Write(ScoreSummary score, Host host)
    {
        IAnsiConsole console = host.MakeConsole();
        Table table = Plain($"{Mark(score.Status)}{score.Site}, against truth");
        LeadCounts rounds = score.Warned.Rounds;
        Add(table, "rounds", $"{score.Rounds.Fired} fired, {score.Rounds.Flew} flew, {score.Rounds.LandedInZone} landed in a zone");
        Add(table, "warned in time", $"{rounds.AtLeast15S} by 15 s, {rounds.AtLeast10S} by 10 s, {rounds.AtLeast5S} by 5 s, {rounds.AtLeast3S} by 3 s");
        Add(table, "missed", Text(rounds.Missed));
        Add(table, "zones warned", $"{score.Needless.Zones}, {score.Needless.NeedlessZones} needlessly{Share(score.Needless.NeedlessZoneShare)}");
        Add(table, "people warned", $"{Text(score.Needless.People)}, {Text(score.Needless.NeedlessPeople)} needlessly");
        if (score.OneSiren is { } siren)
            Add(table, "one siren for all", $"{siren.Zones} zones, {siren.NeedlessZones} needlessly{Share(siren.NeedlessZoneShare)}; {Text(siren.People)} people");
        Add(table, "tracks", score.Tracks.Ghosts is { } ghosts
            ? $"{score.Tracks.Confirmed} confirmed, {ghosts} ghosts, {score.Tracks.False} false"
            : $"{score.Tracks.Confirmed} confirmed");
        if (score.Gospa is { } gospa) Add(table, "GOSPA", Text(gospa.MeanM) + " m");
        console.Write(table);
        WriteLeadTimes(score, console);
    }

    /// <summary>What the warnings did to the people.</summary>
    public static void Write(PeopleSummary people, Host host)
    {
        Table table = new Table().RoundedBorder().Title("People, expected from the model").AddColumns("", "this run", "one alarm for all", "no warning");
        void Row(string name, Func<WayOfWarning, double> figure, string format) =>
            table.AddRow([name, .. new[] { people.ThisRun, people.WholeSite, people.NoWarning }.Select(w => figure(w).ToString(format, CultureInfo.InvariantCulture))]);
        Row("alarmed", w => w.Alarmed, "0");
        Row("of them needlessly", w => w.AlarmedNeedlessly, "0");
        Row($"in danger {people.InDanger.ToString("0", CultureInfo.InvariantCulture)}, warned in time", w => w.WarnedInTime, "0");
        Row("of them under cover", w => w.Protected, "0");
        Row("hurt", w => w.Injured, "0.00");
        Row("killed among them", w => w.Killed, "0.00");
        Row("hurt by acting", w => w.HurtByActing, "0.00");
        host.MakeConsole().Write(table);
    }

    private static void WriteLeadTimes(ScoreSummary score, IAnsiConsole console)
    {
        if (score.ByLeadTime.All(r => r.Rounds == 0)) return;
        Table table = new Table().RoundedBorder().Title("Impact predictions").AddColumns("before impact", "rounds", "median error", "rms error", "95 % ellipse holds");
        foreach (LeadTimeRow r in score.ByLeadTime)
            table.AddRow($"{Text(r.LeadTimeS)} s", Text(r.Rounds), Metres(r.ErrorMedianM), Metres(r.ErrorRmsM), r.EllipseCoverage is { } c ? c.ToString("P0", CultureInfo.InvariantCulture) : "");
        console.Write(table);
    }

    private static Table Plain(string title) => new Table().RoundedBorder().HideHeaders().AddColumns("", "").Title(Markup.Escape(title));

    private static void Add(Table table, string name, string value) => table.AddRow(new Text(name), new Text(value));

    /// <summary>What stands before every title that is no actual raid's.</summary>
    private static string Mark(string? status) =>
        string.Equals(status, nameof(OperationStatus.Actual), StringComparison.OrdinalIgnoreCase) ? "" : (status ?? "not marked").ToUpperInvariant() + "  ";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Share(double? share) => share is { } s ? " (" + s.ToString("P0", CultureInfo.InvariantCulture) + ")" : "";

    private static string Metres(double? value) => value is { } v ? Text(v) + " m" : "";
}
