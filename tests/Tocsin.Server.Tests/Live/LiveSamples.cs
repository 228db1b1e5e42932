using Microsoft.Extensions.Logging;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Live;
using Tocsin.Server.Messages;
using Tocsin.Server.Page;

namespace Tocsin.Server.Tests.Live;

/// <summary>What a live site is made of, for tests that have one of their own.</summary>
internal static class LiveSamples
{
    /// <summary>Parts that keep nothing, with an operator who would be asked.</summary>
    public static LiveSiteParts Parts(SiteFile file, TimeProvider wall, Action<WarningMessage> send, ILogger log) => new()
    {
        File = file,
        Status = OperationStatus.Actual,
        Prefix = "camp",
        Clock = new WallClock(wall),
        Wall = wall,
        Zones = ZonePlaces.Of(file),
        Recorder = null!,
        Stream = new OperatorStream("own"),
        Release = new ReleaseSettings(Confirm: true, LimitS: 60),
        Compose = new Wording(MessageCatalog.Embedded, LanguageSettings.Read([])).Of,
        Send = send,
        Ledger = new Deaf(),
        Log = log,
    };
}
