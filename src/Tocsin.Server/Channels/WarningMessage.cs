using System.Collections.Immutable;

namespace Tocsin.Server.Channels;

/// <summary>What a message says of its warning.</summary>
public enum WarningAct
{
    /// <summary>The zone is warned.</summary>
    Raised,
    /// <summary>The warning stands and something of it has changed.</summary>
    Updated,
    /// <summary>The danger is past.</summary>
    Over,
    /// <summary>The belief in an impact has gone, or an operator withdrew the warning.</summary>
    Retracted,
}

/// <summary>A position on a map, in degrees.</summary>
public readonly record struct LonLat(double LongitudeDeg, double LatitudeDeg);

/// <summary>A zone as channels see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="Population">How many people are in it.</param>
/// <param name="Polygons">Its ground: polygons, each of rings (the first outer, the others holes), each closed: its last point is its first.</param>
public sealed record ZonePlace(string Id, string Name, double Population, ImmutableArray<ImmutableArray<ImmutableArray<LonLat>>> Polygons);

/// <summary>A warning in one language, ready to be shown or sent.</summary>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Reviewed">Whether the site has signed the wording off.</param>
/// <param name="Headline">What and where, in a line; carries the exercise mark where there is one.</param>
/// <param name="Instruction">What to do now.</param>
/// <param name="Short90">All of it in at most 90 characters, for wireless alerts.</param>
/// <param name="Long360">All of it in at most 360 characters.</param>
public sealed record WarningText(string Language, bool Reviewed, string Headline, string Instruction, string Short90, string Long360);

/// <summary>An earlier message of the same warning.</summary>
public readonly record struct PriorMessage(int Revision, Instant Time);

/// <summary>One message about one warning of one zone: the same for every channel.</summary>
/// <remarks>Delivery is at least once: a receiver knows a repeat by <see cref="Identity"/> and <see cref="Revision"/>.</remarks>
public sealed record WarningMessage
{
    /// <summary>The warning's identity, the same on every channel and after a restart: <c>green-zone.20261123T2243Z.W3</c>.</summary>
    public required string Identity { get; init; }

    /// <summary>The Site's own id of it.</summary>
    public required WarningId Warning { get; init; }

    /// <summary>Counts the messages of this warning from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>What is said.</summary>
    public required WarningAct Act { get; init; }

    /// <summary>Actual, exercise or test.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The name of the site.</summary>
    public required string Site { get; init; }

    /// <summary>The zone.</summary>
    public required ZonePlace Zone { get; init; }

    /// <summary>The site's clock when this was said.</summary>
    public required Instant Time { get; init; }

    /// <summary>The site's clock when the warning was raised.</summary>
    public required Instant RaisedTime { get; init; }

    /// <summary>Mean time of the earliest impact expected here.</summary>
    public required Instant ImpactTime { get; init; }

    /// <summary>When the message loses its meaning if nothing more is heard.</summary>
    public required Instant Expires { get; init; }

    /// <summary>Probability of at least one harmful impact.</summary>
    public required double Probability { get; init; }

    /// <summary>What people are told to do.</summary>
    public required Advice Advice { get; init; }

    /// <summary>The tracks behind it. Not for outputs without log-in.</summary>
    public ImmutableArray<TrackId> Tracks { get; init; } = [];

    /// <summary>The messages of this warning before this one, the first first.</summary>
    public ImmutableArray<PriorMessage> Prior { get; init; } = [];

    /// <summary>The wording by language, the site's first language first.</summary>
    public ImmutableArray<WarningText> Texts { get; init; } = [];

    /// <summary>Whether the warning ends with this message.</summary>
    public bool IsEnd => Act is WarningAct.Over or WarningAct.Retracted;
}

/// <summary>A confirmed track as other systems are shown it; nothing of it goes back before its confirmation.</summary>
/// <param name="Identity">Its identity, the same on every channel and after a restart.</param>
/// <param name="Track">The newest estimate.</param>
/// <param name="Impact">The newest prediction of its impact; null where there is none.</param>
public sealed record PictureTrack(string Identity, Track Track, ImpactPrediction? Impact);

/// <summary>What stands at one moment: for channels that show tracks.</summary>
/// <param name="Time">The site's clock.</param>
/// <param name="Status">Actual, exercise or test.</param>
/// <param name="Site">The name of the site.</param>
/// <param name="Tracks">Confirmed tracks, in the order of their ids.</param>
/// <param name="Ended">Identities of the tracks that ended since the last picture.</param>
public sealed record Picture(Instant Time, OperationStatus Status, string Site, ImmutableArray<PictureTrack> Tracks, ImmutableArray<string> Ended);

/// <summary>The regular sign of life: what stands open now, so that a channel can tell again what must not go stale.</summary>
/// <param name="Time">The site's clock.</param>
/// <param name="Status">Actual, exercise or test.</param>
/// <param name="Open">The newest message of each open warning.</param>
public sealed record Beat(Instant Time, OperationStatus Status, ImmutableArray<WarningMessage> Open);
