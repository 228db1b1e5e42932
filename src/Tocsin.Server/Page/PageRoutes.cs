using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tocsin.Server.Access;
using Tocsin.Server.Control;
using Tocsin.Server.Live;
using Tocsin.Server.Messages;
using Tocsin.Server.Ports;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Page;

/// <summary>What an operator asks for to start a drill.</summary>
/// <param name="Raid">The raid's id.</param>
/// <param name="Seed">The seed; null for the scenario's own.</param>
/// <param name="Speed">1, or left out: a drill runs beside the site at work, by its clock.</param>
public sealed record DrillRequest(string? Raid, long? Seed, double? Speed);

/// <summary>What an all-clear is for.</summary>
/// <param name="Zone">The zone's id; null for the whole site.</param>
public sealed record AllClearRequest(string? Zone);

/// <summary>The page's API: the public's, which says a zone's state and nothing else, and the operators'.</summary>
public sealed class PageRoutes(ServerParts parts)
{
    private const int MostIncidents = 500;

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        MapPublic(routes.MapGroup("/api/public").AllowAnonymous().WithTags("Public"));
        RouteGroupBuilder api = routes.MapGroup("/api").RequireAuthorization(AccessPolicies.Viewer).WithTags("Operator");
        api.MapGet("/site", Site).WithSummary("The site's definition, and how its page is set up");
        api.MapGet("/stream", (HttpContext context, Sessions sessions) =>
            sessions.WhileStandsAsync(context.User, stop => parts.Stream.Broadcaster.ServeAsync(context, stop), parts.Stopping)).WithSummary("Everything that happens, as server-sent events");
        api.MapGet("/incidents", async (JournalReader journal, CancellationToken stop) => TypedResults.Ok(await journal.IncidentsAsync(MostIncidents, stop))).WithSummary("Past incidents, the newest first");
        api.MapGet("/incidents/{id}", IncidentAsync).WithSummary("One incident with its warnings");
        api.MapGet("/incidents/{id}/events", EventsAsync).WithSummary("One incident's events, from its recording");
        RouteGroupBuilder acts = api.MapGroup("").RequireAuthorization(AccessPolicies.Operator);
        foreach (string act in (string[])["acknowledge", "confirm", "retract"])
            acts.MapPost($"/warnings/{{id}}/{act}", (string id, HttpContext context) => ActAsync(act, id, context)).WithSummary($"{char.ToUpperInvariant(act[0])}{act[1..]} a warning");
        acts.MapPost("/all-clear", AllClearAsync).WithSummary("Give the all-clear for a zone or the site");
        api.MapGet("/drills", Drills).WithSummary("The raids for a drill, and the drill that runs");
        acts.MapPost("/drills", StartDrillAsync).WithSummary("Start a drill");
        acts.MapDelete("/drills/current", Task<IResult> (HttpContext context) => EndDrillAsync(context)).WithSummary("End the drill");
    }

    private void MapPublic(RouteGroupBuilder api)
    {
        api.MapGet("/site", () => Json(parts.Public.Site([.. parts.Languages.Choices.Select(c => new PublicLanguage(c.Tag, c.IsSigned))]), PageJson.Default.PublicSite))
            .WithSummary("The site's zones and their states");
        api.MapGet("/zones/{id}", (string id) => parts.Public.StateOf(id) is { } zone ? Json(zone, PageJson.Default.PublicZone) : Results.Problem($"there is no zone {id} here", statusCode: 404))
            .WithSummary("One zone's state");
        api.MapGet("/zones/{id}/stream", async (string id, HttpContext context) =>
        {
            if (parts.Public.StreamOf(id) is { } stream) await stream.ServeAsync(context, parts.Stopping);
            else await Results.Problem($"there is no zone {id} here", statusCode: 404).ExecuteAsync(context);
        }).WithSummary("One zone's state as it changes, as server-sent events");
        api.MapGet("/languages/{tag}", (string tag) =>
        {
            // The name comes from outside: it must be one of those that there are.
            if (MessageCatalog.Embedded.Find(tag) is not { } language) return Results.Problem($"there is no language {tag} here", statusCode: 404);
            Stream? file = typeof(PageRoutes).Assembly.GetManifestResourceStream($"languages/{language.Tag}.json");
            return file is null ? Results.NotFound() : Results.Stream(file, "application/json");
        }).WithSummary("A language's texts");
    }

    private IResult Site()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("name", parts.File.Definition.Name);
            json.WriteString("status", PublicBoard.Name(parts.Settings.Status));
            json.WriteString("time", parts.Clock.Now.ToString());
            json.WriteNumber("speed", parts.Clock.Speed);
            json.WriteStartObject("confirm");
            json.WriteBoolean("required", parts.Settings.Release.Confirm);
            json.WriteNumber("limitS", parts.Settings.Release.LimitS);
            json.WriteEndObject();
            json.WriteStartObject("page");
            json.WriteString("style", parts.Settings.Page.Style);
            json.WriteString("tiles", parts.Settings.Page.Tiles);
            json.WriteString("pmtiles", parts.Settings.Page.Pmtiles);
            json.WriteString("attribution", parts.Settings.Page.Attribution);
            json.WriteEndObject();
            json.WritePropertyName("site");
            json.WriteRawValue(parts.File.CanonicalUtf8.Span, skipInputValidation: true);
            json.WriteEndObject();
        }
        return Results.Bytes(bytes.ToArray(), "application/json");
    }

    private static async Task<IResult> IncidentAsync(string id, JournalReader journal, CancellationToken stop) =>
        await journal.IncidentAsync(id, stop) is { } incident ? TypedResults.Ok(incident) : Results.Problem($"there is no incident {id}", statusCode: 404);

    private async Task EventsAsync(string id, JournalReader journal, HttpContext context)
    {
        if (await journal.IncidentAsync(id, context.RequestAborted) is not { } incident)
        {
            await Results.Problem($"there is no incident {id}", statusCode: 404).ExecuteAsync(context);
            return;
        }
        if (!parts.Shelf.Has(incident.Recording))
        {
            await Results.Problem($"the recording {incident.Recording} is not here any more", statusCode: 404).ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "application/x-ndjson";
        await parts.Shelf.CopyIncidentAsync(incident.Recording, context.Response.Body, incident.Lines.First, incident.Lines.Last, incident.Closed, context.RequestAborted);
    }

    private async Task<IResult> ActAsync(string act, string id, HttpContext context)
    {
        if (Find(id) is not ({ } site, { } warning, var shown)) return Results.Problem($"there is no warning {id}", statusCode: 404);
        string who = Who(context);
        ActOutcome outcome = await site.ActAsync(act, warning, shown, who);
        if (outcome == ActOutcome.Done) parts.Keep(act, site.Release.IdentityOf(shown), who, context.Connection.RemoteIpAddress?.ToString());
        return outcome switch
        {
            ActOutcome.Done => TypedResults.NoContent(),
            ActOutcome.NoSuchWarning => Results.Problem($"there is no open warning {id}", statusCode: 404),
            _ => Results.Problem(act == "confirm" ? "the warning does not wait for a confirmation" : "the warning is ended already", statusCode: 409),
        };
    }

    private async Task<IResult> AllClearAsync(AllClearRequest request, HttpContext context)
    {
        if (request.Zone is { } zone && parts.Public.StateOf(zone) is null) return Results.Problem($"there is no zone {zone} here", statusCode: 404);
        string who = Who(context);
        await parts.Main.AllClearAsync(request.Zone, who);
        if (parts.Drills.Running is { } drill && parts.Drills.SiteOf(drill.Id) is { } site) await site.AllClearAsync(request.Zone, who);
        parts.Keep("allClear", null, who, context.Connection.RemoteIpAddress?.ToString(), request.Zone);
        return TypedResults.NoContent();
    }

    private IResult Drills()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("raids");
            foreach (RaidSummary r in parts.Raids.At(parts.File))
            {
                json.WriteStartObject();
                json.WriteString("id", r.Id);
                json.WriteString("title", r.Title);
                json.WriteString("summary", r.Summary);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("passedOver");
            foreach (string reason in parts.Raids.PassedOver(parts.File)) json.WriteStringValue(reason);
            json.WriteEndArray();
            if (parts.Drills.Running is { } running)
            {
                json.WriteStartObject("running");
                json.WriteString("drill", running.Id);
                json.WriteString("title", running.Title);
                json.WriteString("until", running.Until.ToString());
                json.WriteEndObject();
            }
            else json.WriteNull("running");
            json.WriteEndObject();
        }
        return Results.Bytes(bytes.ToArray(), "application/json");
    }

    private async Task<IResult> StartDrillAsync(DrillRequest request, HttpContext context)
    {
        if (request.Speed is { } speed && speed != 1) return Results.Problem("a drill runs at real speed beside the site: leave speed out, or give 1", statusCode: 400);
        if (parts.AnyWarningOpen) return Results.Problem("a real warning stands: no drill can begin now", statusCode: 409);
        if (parts.Raids.Draw(request.Raid ?? "", parts.File, request.Seed, out string? problem) is not { } raid) return Results.Problem(problem, statusCode: 400);
        if (await parts.Drills.StartAsync(raid) is not { } drill) return Results.Problem("a drill runs already", statusCode: 409);
        // A warning that was raised while the drill was being made did not find it running.
        if (parts.AnyWarningOpen) parts.Drills.Preempt();
        parts.Keep("drill.start", null, Who(context), context.Connection.RemoteIpAddress?.ToString(), $"{drill.Id} {raid.Title}");
        return Results.Json(new Dictionary<string, string> { ["drill"] = drill.Id }, statusCode: 201);
    }

    private async Task<IResult> EndDrillAsync(HttpContext context)
    {
        if (!await parts.Drills.EndAsync()) return Results.Problem("no drill runs", statusCode: 409);
        parts.Keep("drill.end", null, Who(context), context.Connection.RemoteIpAddress?.ToString());
        return TypedResults.NoContent();
    }

    /// <summary>The Site and its warning that a page calls <c>W3</c>, <c>W3-2</c> or <c>D1.W3</c>.</summary>
    private (LiveSite? Site, WarningId? Warning, string Shown) Find(string id)
    {
        int dot = id.IndexOf('.', StringComparison.Ordinal);
        string own = dot < 0 ? id : id[(dot + 1)..];
        int end = own.IndexOf('-', StringComparison.Ordinal);
        if (own.Length < 2 || own[0] != 'W' || !int.TryParse(own.AsSpan(1, (end < 0 ? own.Length : end) - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return (null, null, "");
        return (dot < 0 ? parts.Main : parts.Drills.SiteOf(id[..dot]), new WarningId(number), own);
    }

    private static string Who(HttpContext context) => context.User.Identity?.Name is { Length: > 0 } name ? name : "operator";

    private static IResult Json<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> info) => Results.Json(value, info);
}
