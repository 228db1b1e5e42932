using System.Globalization;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;
using Kinds = Tocsin.KindProbabilities;

namespace Tocsin.Formats.Sapient;

/// <summary>Says what a Site knows in SAPIENT's words: its registration as a fusion node, its status, its tracks with their predicted impacts.</summary>
/// <remarks>
/// Positions are WGS-84: longitude and latitude in degrees, heights above the ellipsoid in metres; velocities in m/s. A report is as of the
/// newest plot that its track has used, and has that time. The standard has no field for exercises: the mode of the status report names them
/// (<see cref="ModeOf"/>), and each detection and alert of one carries the mark by itself.
/// </remarks>
public sealed class SapientReports
{
    /// <summary>The version of the standard that is spoken.</summary>
    public const string Version = "BSI Flex 335 v2.0";

    private const string EllipseMajor = "impactEllipse95SemiMajor", EllipseMinor = "impactEllipse95SemiMinor",
        EllipseOrientation = "impactEllipse95Orientation", ImpactTimeSigma = "impactTimeSigma";

    private readonly string _siteName;

    /// <summary>Makes the reports of one site.</summary>
    /// <param name="siteKey">The site's key: its node id follows from it.</param>
    /// <param name="siteName">The site's name.</param>
    /// <param name="nodeId">The UUID of this node where it has been given one; else null.</param>
    public SapientReports(string siteKey, string siteName, string? nodeId = null)
    {
        NodeId = nodeId ?? SapientIds.Node(siteKey);
        _siteName = siteName;
    }

    /// <summary>The UUID of this node.</summary>
    public string NodeId { get; }

    /// <summary>The name of a mode, as the registration defines it.</summary>
    public static string ModeOf(OperationStatus status) => status switch
    {
        OperationStatus.Actual => "Operation",
        OperationStatus.Exercise => "Exercise",
        _ => "Test",
    };

    /// <summary>The ULID of a track.</summary>
    public static string ObjectId(string identity) => SapientIds.Of("track", identity);

    /// <summary>The ULID of a warning: the same for all messages about it.</summary>
    public static string AlertId(string identity) => SapientIds.Of("warning", identity);

    /// <summary>An envelope of this node.</summary>
    public SapientMessage Envelope(Instant time) => new() { Timestamp = SapientIds.Time(time), NodeId = NodeId };

    /// <summary>The registration: a fusion node that reports tracks and takes no tasks.</summary>
    /// <param name="time">Now.</param>
    /// <param name="status">What the site's output is: its mode is the default one.</param>
    /// <param name="statusInterval">Time between two status reports.</param>
    public SapientMessage Registration(Instant time, OperationStatus status, TimeSpan statusInterval)
    {
        SapientMessage message = Envelope(time);
        message.Registration = new()
        {
            IcdVersion = Version,
            Name = $"Tocsin {_siteName}",
            ShortName = "Tocsin",
            StatusDefinition = new() { StatusInterval = Seconds((float)statusInterval.TotalSeconds), LocationDefinition = Degrees() },
        };
        message.Registration.NodeDefinition.Add(new Registration.Types.NodeDefinition { NodeType = Wire.Registration.Types.NodeType.FusionNode, NodeSubType = { "Warning of rockets, artillery and mortars" } });
        message.Registration.Capabilities.Add(new Registration.Types.Capability { Category = "Fusion", Type = "Predicted impact of ballistic objects", Value = "1", Units = "prediction_location" });
        message.Registration.ConfigData.Add(new Registration.Types.ConfigurationData { Manufacturer = "Tocsin", Model = "Tocsin" });
        foreach (OperationStatus mode in (ReadOnlySpan<OperationStatus>)[OperationStatus.Actual, OperationStatus.Exercise, OperationStatus.Test])
            message.Registration.ModeDefinition.Add(Mode(mode, isDefault: mode == status));
        return message;
    }

    /// <summary>A sign of life.</summary>
    public SapientMessage Status(Instant time, OperationStatus status, bool isNew)
    {
        SapientMessage message = Envelope(time);
        message.StatusReport = new()
        {
            ReportId = SapientIds.Message(time, $"status {NodeId} {time.Ticks}"),
            System = StatusReport.Types.System.Ok,
            Info = isNew ? StatusReport.Types.Info.New : StatusReport.Types.Info.Unchanged,
            Mode = ModeOf(status),
        };
        return message;
    }

    /// <summary>Says that this node leaves.</summary>
    public SapientMessage Goodbye(Instant time, OperationStatus status)
    {
        SapientMessage message = Status(time, status, isNew: true);
        message.StatusReport.System = StatusReport.Types.System.Goodbye;
        return message;
    }

    /// <summary>A track and where it will come down.</summary>
    /// <param name="identity">The track's identity.</param>
    /// <param name="track">Its newest estimate.</param>
    /// <param name="impact">The newest prediction; null for none.</param>
    /// <param name="status">Actual, exercise or test.</param>
    public SapientMessage Detection(string identity, in Track track, ImpactPrediction? impact, OperationStatus status)
    {
        SapientMessage message = Envelope(track.ValidTime);
        var report = new DetectionReport
        {
            ReportId = SapientIds.Message(track.ValidTime, $"detection {identity} {track.ValidTime.Ticks} {impact?.ValidTime.Ticks}"),
            ObjectId = ObjectId(identity),
            Location = Place(track.Position),
            EnuVelocity = new() { EastRate = track.VelocityMps.East, NorthRate = track.VelocityMps.North, UpRate = track.VelocityMps.Up },
            Id = Label(track.Id, status),
        };
        for (int i = 0; i < Kinds.Count; i++)
        {
            var kind = (Kind)i;
            if (track.Kinds[kind] > 0) report.Classification.Add(new DetectionReport.Types.DetectionReportClassification { Type = ClassOf(kind), Confidence = (float)Math.Min(1, track.Kinds[kind]) });
        }
        if (impact is { } p)
        {
            report.PredictionLocation = new() { Location = Place(p.Position), PredictedTimestamp = SapientIds.Time(p.ImpactTime) };
            // The standard leaves the unit of a location's x_error and y_error open; the ellipse is given where the unit is said.
            report.ObjectInfo.Add(Info(EllipseMajor, p.Ellipse95.SemiMajorM));
            report.ObjectInfo.Add(Info(EllipseMinor, p.Ellipse95.SemiMinorM));
            report.ObjectInfo.Add(Info(EllipseOrientation, p.Ellipse95.OrientationRad * CanonicalAngle.DegreesPerRad));
            report.ObjectInfo.Add(Info(ImpactTimeSigma, p.TimeSigmaS));
        }
        message.DetectionReport = report;
        Mark(message, status);
        return message;
    }

    /// <summary>Says that a track has ended; its last place stands.</summary>
    public SapientMessage Lost(Instant time, string identity, in Track last, OperationStatus status)
    {
        SapientMessage message = Envelope(time);
        message.DetectionReport = new()
        {
            ReportId = SapientIds.Message(time, $"lost {identity} {time.Ticks}"),
            ObjectId = ObjectId(identity),
            State = "lost",
            Location = Place(last.Position),
            Id = Label(last.Id, status),
        };
        Mark(message, status);
        return message;
    }

    /// <summary>Marks a detection or an alert of an exercise or a test as one, in every field that a person or a program may look at.</summary>
    private static void Mark(SapientMessage message, OperationStatus status)
    {
        if (status == OperationStatus.Actual) return;
        message.AdditionalInformation = $"{Loud(status)} - not real";
        message.DetectionReport?.ObjectInfo.Add(new DetectionReport.Types.TrackObjectInfo { Type = SapientPlots.ExerciseMark, Value = ModeOf(status) });
    }

    private static string Loud(OperationStatus status) => ModeOf(status).ToUpperInvariant();

    private static string Label(TrackId id, OperationStatus status) => status == OperationStatus.Actual ? id.ToString() : $"{Loud(status)} {id}";

    /// <summary>A warning of a zone, or its end.</summary>
    /// <param name="time">Now.</param>
    /// <param name="identity">The warning's identity.</param>
    /// <param name="zone">The zone's id.</param>
    /// <param name="description">What to show.</param>
    /// <param name="probability">Probability of a harmful impact.</param>
    /// <param name="isEnd">Whether the warning ends.</param>
    /// <param name="status">Actual, exercise or test.</param>
    /// <param name="tracks">Identities of the tracks behind it.</param>
    public SapientMessage Alert(Instant time, string identity, string zone, string description, double probability, bool isEnd, OperationStatus status, IEnumerable<string> tracks)
    {
        bool actual = status == OperationStatus.Actual;
        SapientMessage message = Envelope(time);
        message.Alert = new()
        {
            AlertId = AlertId(identity),
            AlertType = !actual || isEnd ? Wire.Alert.Types.AlertType.Information : Wire.Alert.Types.AlertType.Critical,
            Status = isEnd ? Wire.Alert.Types.AlertStatus.Clear : Wire.Alert.Types.AlertStatus.Active,
            Description = actual ? description : $"{Loud(status)}: {description}",
            RegionId = SapientIds.Of("zone", $"{NodeId} {zone}"),
            Priority = !actual || isEnd ? Wire.Alert.Types.DiscretePriority.Low : Wire.Alert.Types.DiscretePriority.High,
            Confidence = (float)Math.Clamp(probability, 0, 1),
        };
        foreach (string track in tracks) message.Alert.AssociatedDetection.Add(new AssociatedDetection { NodeId = NodeId, ObjectId = ObjectId(track) });
        Mark(message, status);
        if (!actual) message.Alert.AdditionalInformation = message.AdditionalInformation;
        return message;
    }

    /// <summary>Declines a task: this node cues, aims and fires nothing, and its sensors are not its to steer.</summary>
    public SapientMessage Decline(Instant time, string? from, Wire.Task task)
    {
        SapientMessage message = Envelope(time);
        if (!string.IsNullOrEmpty(from)) message.DestinationId = from;
        message.TaskAck = new() { TaskId = task.TaskId, TaskStatus = TaskAck.Types.TaskStatus.Rejected, Reason = { "this node takes no tasks" } };
        return message;
    }

    /// <summary>The answer to a node's registration.</summary>
    public SapientMessage Acknowledge(Instant time, string to, string? refusal)
    {
        SapientMessage message = Envelope(time);
        message.DestinationId = to;
        message.RegistrationAck = new() { Acceptance = refusal is null };
        if (refusal is not null) message.RegistrationAck.AckResponseReason.Add(refusal);
        return message;
    }

    private static string ClassOf(Kind kind) => kind switch
    {
        Kind.Rocket => "Rocket",
        Kind.Artillery => "Artillery",
        Kind.Mortar => "Mortar",
        Kind.Aircraft => "Air Vehicle",
        Kind.Bird => "Animal",
        _ => "Unknown",
    };

    private static Registration.Types.ModeDefinition Mode(OperationStatus status, bool isDefault)
    {
        var detection = new Registration.Types.DetectionDefinition
        {
            LocationType = Degrees(),
            VelocityType = new()
            {
                EnuVelocityUnits = new() { EastNorthRateUnits = SpeedUnits.Ms, UpRateUnits = SpeedUnits.Ms },
                LocationDatum = LocationDatum.Wgs84E,
            },
        };
        var classes = new Registration.Types.DetectionClassDefinition { ConfidenceDefinition = Wire.Registration.Types.ConfidenceDefinition.MultiClass };
        for (int i = 0; i < Kinds.Count; i++) classes.ClassDefinition.Add(new Registration.Types.ClassDefinition { Type = ClassOf((Kind)i), Units = "probability" });
        detection.DetectionClassDefinition.Add(classes);
        foreach ((string type, string units) in (ReadOnlySpan<(string, string)>)[(EllipseMajor, "m"), (EllipseMinor, "m"), (EllipseOrientation, "degrees from true north"),
            (ImpactTimeSigma, "s"), (SapientPlots.ExerciseMark, "Exercise, Test")])
        {
            detection.DetectionReport.Add(new Registration.Types.DetectionReport { Category = Wire.Registration.Types.DetectionReportCategory.Object, Type = type, Units = units, OnChange = false });
        }
        var mode = new Registration.Types.ModeDefinition
        {
            ModeName = ModeOf(status),
            ModeType = isDefault ? Wire.Registration.Types.ModeType.Default : Wire.Registration.Types.ModeType.Permanent,
            ModeDescription = status == OperationStatus.Actual ? "Real plots, real people" : "Nothing reported in this mode is real",
            SettleTime = Seconds(0),
            ScanType = Wire.Registration.Types.ScanType.Fixed,
            TrackingType = Wire.Registration.Types.TrackingType.Tracklet,
            Task = new() { ConcurrentTasks = 0, RegionDefinition = new() },
        };
        mode.DetectionDefinition.Add(detection);
        // The standard wants a region definition even of a node that takes no tasks.
        mode.Task.RegionDefinition.RegionType.Add(Wire.Registration.Types.RegionType.AreaOfInterest);
        mode.Task.RegionDefinition.RegionArea.Add(Degrees());
        return mode;
    }

    private static Registration.Types.LocationType Degrees() => new() { LocationUnits = LocationCoordinateSystem.LatLngDegM, LocationDatum = LocationDatum.Wgs84E };

    private static Registration.Types.Duration Seconds(float value) => new() { Units = Wire.Registration.Types.TimeUnits.Seconds, Value = value };

    private static Location Place(in Geodetic g) => new()
    {
        X = g.LongitudeRad * CanonicalAngle.DegreesPerRad,
        Y = g.LatitudeRad * CanonicalAngle.DegreesPerRad,
        Z = g.HeightM,
        CoordinateSystem = LocationCoordinateSystem.LatLngDegM,
        Datum = LocationDatum.Wgs84E,
    };

    private static DetectionReport.Types.TrackObjectInfo Info(string type, double value) =>
        new() { Type = type, Value = value.ToString("0.##", CultureInfo.InvariantCulture) };
}
