using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tocsin.Server.Configuration;
using Tocsin.Server.Messages;

namespace Tocsin.Server.Channels.WirelessText;

/// <summary>A message of 90 and of 360 characters for one zone in one language.</summary>
/// <param name="Identity">The warning's identity, the same on every channel.</param>
/// <param name="Revision">Counts the messages of the warning from 1.</param>
/// <param name="Act">raised, updated, over or retracted.</param>
/// <param name="Status">actual, exercise or test.</param>
/// <param name="Zone">The zone's id.</param>
/// <param name="ZoneName">The zone's name.</param>
/// <param name="Language">BCP 47 tag of the texts.</param>
/// <param name="Reviewed">Whether the site has signed the wording off.</param>
/// <param name="Short90">All of it in at most 90 characters.</param>
/// <param name="Long360">All of it in at most 360 characters.</param>
/// <param name="Coding">How a cell broadcast carries the texts: gsm7 or ucs2.</param>
/// <param name="Time">When it was said, RFC 3339.</param>
/// <param name="Expires">When it loses its meaning, RFC 3339.</param>
public sealed record WirelessMessage(string Identity, int Revision, string Act, string Status, string Zone, string ZoneName, string Language, bool Reviewed,
    string Short90, string Long360, string Coding, string Time, string Expires);

/// <summary>What a gateway is given.</summary>
/// <param name="Cursor">To be given back as <c>since</c>.</param>
/// <param name="Reset">Whether this is everything that stands open, in place of all that was given before; else it is what has changed since.</param>
/// <param name="Messages">The messages, in the order in which they came.</param>
public sealed record WirelessAnswer(string Cursor, bool Reset, ImmutableArray<WirelessMessage> Messages);

/// <summary>Wireless texts as an API that others hand to a gateway: what stands open, and then each change as it comes.</summary>
/// <remarks>
/// A gateway asks once, and from then on with the cursor that it was given and a wait of some seconds; it is answered at once when something changes, so that
/// it need not ask often. A cursor from before a restart, or one that is too old, is answered with all that stands open.
/// </remarks>
public sealed class WirelessTextChannel : Channel
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/api/wireless";

    /// <summary>The policy that a caller must meet.</summary>
    public const string Policy = "gateway";

    /// <summary>Longest wait for a change.</summary>
    public const int MaxWaitS = 60;

    /// <summary>Warnings that are remembered; ended ones go first.</summary>
    public const int MaxKept = 2_000;

    /// <summary>Callers that may wait at a time; more are answered at once.</summary>
    public const int MaxWaiting = 500;

    private readonly TimeProvider _clock;
    private readonly ImmutableHashSet<string> _zones;
    private readonly string _epoch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, Kept> _kept = ImmutableDictionary.Create<string, Kept>(StringComparer.Ordinal);
    private long _sequence, _forgotten;
    private TaskCompletionSource _changed = NewSignal();
    private int _waiting;

    private WirelessTextChannel(string name, ChannelContext context) : base(name)
    {
        _clock = context.Clock;
        _zones = [.. context.Zones.Select(z => z.Id)];
    }

    private sealed record Kept(long Sequence, WarningMessage Message);

    /// <summary>Makes the channel from its section, whose only key is <c>name</c>.</summary>
    public static WirelessTextChannel? Read(ConfigSection section, ChannelContext context)
    {
        string name = section.OptionalText("name") ?? "wireless";
        section.End();
        return new(name, context);
    }

    /// <inheritdoc/>
    public override Task SendAsync(WarningMessage message, CancellationToken stop)
    {
        if (!MessageCatalog.Sendable(message).Any()) throw new InvalidOperationException("no language is signed off, and a real site sends nothing unsigned");
        Keep(message);
        return Task.CompletedTask;
    }

    /// <summary>Takes up what stands open, as after a restart, and forgets what expired without an end.</summary>
    public override Task BeatAsync(Beat beat, CancellationToken stop)
    {
        foreach (WarningMessage m in beat.Open.Where(m => MessageCatalog.Sendable(m).Any())) Keep(m);
        HashSet<string> open = [.. beat.Open.Select(m => m.Identity)];
        lock (_lock)
        {
            foreach ((string identity, Kept kept) in _kept)
                if (kept.Message.Status == beat.Status && kept.Message.Expires < beat.Time && !open.Contains(identity)) Forget(identity, kept);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, AnswerAsync).RequireAuthorization(Policy).WithName("Wireless").WithTags("Gateway")
            .WithSummary("Warnings as texts of 90 and 360 characters: all that stand open, or with since what has changed.");

    /// <summary>What has changed since a cursor, waiting for a change where there is none; everything that is open where the cursor is null or not known.</summary>
    /// <param name="zone">One zone's id; all where it is null.</param>
    /// <param name="language">The tag of the language that is wanted; the site's first where it is null, or where a message has no text in it: a message in
    /// another language is better than none.</param>
    /// <param name="since">The cursor.</param>
    /// <param name="wait">How long to wait.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task<WirelessAnswer> ReadAsync(string? zone, string? language, string? since, TimeSpan wait, CancellationToken stop)
    {
        long start = _clock.GetTimestamp();
        bool mayWait = Interlocked.Increment(ref _waiting) <= MaxWaiting;
        try
        {
            while (true)
            {
                (WirelessAnswer answer, Task changed) = Now(zone, language, since);
                TimeSpan left = wait - _clock.GetElapsedTime(start);
                if (answer.Reset || !answer.Messages.IsEmpty || left <= TimeSpan.Zero || !mayWait) return answer;
                // What changed without concerning this caller is not looked at again.
                since = answer.Cursor;
                try
                {
                    await changed.WaitAsync(left, _clock, stop);
                }
                catch (TimeoutException)
                {
                    return answer;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<Results<Ok<WirelessAnswer>, ProblemHttpResult>> AnswerAsync(
        [Description("Id of one zone; all zones where it is left out.")] string? zone,
        [Description("BCP 47 tag of the language that is wanted.")] string? language,
        [Description("The cursor of the last answer.")] string? since,
        [Description("Seconds to wait for a change, up to 60; 0 where it is left out.")] double? waitS,
        CancellationToken stop)
    {
        // A mistyped zone would be silent for ever.
        if (zone is not null && !_zones.Contains(zone)) return TypedResults.Problem("there is no zone with this id", statusCode: StatusCodes.Status404NotFound);
        if (waitS is < 0 or > MaxWaitS or double.NaN) return TypedResults.Problem($"waitS: give seconds from 0 to {MaxWaitS}", statusCode: StatusCodes.Status400BadRequest);
        return TypedResults.Ok(await ReadAsync(zone, language, since, TimeSpan.FromSeconds(waitS ?? 0), stop));
    }

    private (WirelessAnswer Answer, Task Changed) Now(string? zone, string? language, string? since)
    {
        lock (_lock)
        {
            bool reset = !TryCursor(since, out long from) || from < _forgotten || from > _sequence;
            ImmutableArray<WirelessMessage> messages =
            [
                .. _kept.Values.Where(k => (zone is null || k.Message.Zone.Id == zone) && (reset ? !k.Message.IsEnd : k.Sequence > from))
                    .OrderBy(k => k.Sequence).Select(k => Shown(k.Message, language)),
            ];
            return (new(string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{_sequence}"), reset, messages), _changed.Task);
        }
    }

    private bool TryCursor(string? cursor, out long sequence)
    {
        sequence = 0;
        return cursor is not null && cursor.StartsWith(_epoch + "-", StringComparison.Ordinal) &&
            long.TryParse(cursor.AsSpan(_epoch.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    private void Keep(WarningMessage message)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            // A repeat, and what a newer message has overtaken, changes nothing.
            if (_kept.TryGetValue(message.Identity, out Kept? known) && known.Message.Revision >= message.Revision) return;
            _kept = _kept.SetItem(message.Identity, new(++_sequence, message));
            while (_kept.Count > MaxKept)
            {
                (string identity, Kept oldest) = _kept.OrderBy(k => !k.Value.Message.IsEnd).ThenBy(k => k.Value.Sequence).First();
                Forget(identity, oldest);
            }
            (changed, _changed) = (_changed, NewSignal());
        }
        changed.SetResult();
    }

    private void Forget(string identity, Kept kept)
    {
        _kept = _kept.Remove(identity);
        _forgotten = Math.Max(_forgotten, kept.Sequence);
    }

    private static WirelessMessage Shown(WarningMessage m, string? language)
    {
        WarningText[] texts = [.. MessageCatalog.Sendable(m)];
        WarningText t = texts.FirstOrDefault(x => string.Equals(x.Language, language, StringComparison.OrdinalIgnoreCase)) ?? texts[0];
        return new(m.Identity, m.Revision, m.Act.ToString().ToLowerInvariant(), m.Status.ToString().ToLowerInvariant(), m.Zone.Id, m.Zone.Name, t.Language, t.Reviewed,
            t.Short90, t.Long360, WirelessLength.IsGsm7(t.Short90) && WirelessLength.IsGsm7(t.Long360) ? "gsm7" : "ucs2", m.Time.ToString(), m.Expires.ToString());
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
