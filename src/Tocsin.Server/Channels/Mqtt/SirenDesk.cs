using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>The sirens of one channel: what each was told, whether it has acknowledged that, whether it works. Safe for threads.</summary>
internal sealed class SirenDesk
{
    private sealed class Command
    {
        public required string Sound;
        public required string Identity;
        public required int Revision;
        public required OperationStatus Status;
        public required MqttPublication Publication;
        public required long At;
        public bool Acknowledged;
    }

    private sealed class Siren(SirenDefinition definition)
    {
        public SirenDefinition Definition => definition;
        public readonly Dictionary<string, Command> Commands = new(StringComparer.Ordinal);
        public long? HeardAt;
        public double? ReportEveryS;
        public string Fault = "", Problem = "";
        public SelfTestResult SelfTest;
        public string TestIdentity = "";
        public long TestAt;
        public TaskCompletionSource<SelfTestResult>? Test;
    }

    private readonly MqttTopics _topics;
    private readonly MqttSettings _settings;
    private readonly TimeProvider _clock;
    private readonly OperationStatus _status;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Siren> _sirens;
    private readonly long _startedAt;
    private Action<string> _tell = _ => { };
    private DateTimeOffset? _nextTest;
    private int _tests;

    public SirenDesk(IEnumerable<SirenDefinition> sirens, OperationStatus status, MqttTopics topics, MqttSettings settings, TimeProvider clock)
    {
        (_status, _topics, _settings, _clock, _startedAt) = (status, topics, settings, clock, clock.GetTimestamp());
        _sirens = settings.Sirens ? sirens.ToDictionary(s => s.Id, s => new Siren(s), StringComparer.Ordinal) : [];
        if (settings.SelfTestAt is { } at)
        {
            DateTimeOffset now = clock.GetUtcNow();
            var today = new DateTimeOffset(now.UtcDateTime.Date + at.ToTimeSpan(), TimeSpan.Zero);
            _nextTest = today > now ? today : today.AddDays(1);
        }
    }

    /// <summary>What to subscribe to.</summary>
    public IReadOnlyList<string> Filters => _sirens.Count == 0
        ? []
        : [.. new[] { OperationStatus.Actual, OperationStatus.Exercise }.Select(s => _topics.SirenState(s, "+")).Distinct(StringComparer.Ordinal)];

    /// <summary>The sirens, in the order of their ids.</summary>
    public ImmutableArray<SirenState> States
    {
        get
        {
            lock (_gate)
            {
                return [.. _sirens.Values.OrderBy(s => s.Definition.Id, StringComparer.Ordinal).Select(s =>
                    new SirenState(s.Definition.Id, s.HeardAt is { } at ? _clock.GetElapsedTime(at).TotalSeconds : null, s.SelfTest, s.Problem))];
            }
        }
    }

    /// <summary>What is wrong with sirens, for the operator; empty where nothing is.</summary>
    public string Note
    {
        get
        {
            SirenState[] wrong = [.. States.Where(s => s.Problem.Length > 0)];
            string named = string.Join("; ", wrong.Take(MqttLimits.NotedSirens).Select(s => $"siren {s.Id} {s.Problem}"));
            return wrong.Length <= MqttLimits.NotedSirens ? named : $"{named}; {wrong.Length - MqttLimits.NotedSirens} more sirens have problems";
        }
    }

    /// <summary>Asks to be told when something goes wrong with a siren, and when it is well again.</summary>
    public void Listen(Action<string> tell)
    {
        lock (_gate) _tell = tell;
    }

    /// <summary>What the sirens of a message's zone are to be told. A raise sounds them; a siren is told 'over' when the last of its zones is.</summary>
    public IReadOnlyList<MqttPublication> Commands(WarningMessage message, Func<string, bool> isWarned)
    {
        List<MqttPublication> commands = [];
        lock (_gate)
        {
            foreach (Siren siren in _sirens.Values.Where(s => s.Definition.Zones.Contains(message.Zone.Id)))
            {
                string root = _topics.Root(message.Status);
                siren.Commands.TryGetValue(root, out Command? told);
                // An update sounds a siren only where its raise did not: after a restart.
                if (message.Act == WarningAct.Updated && told is { Sound: "warn" }) continue;
                if (message.IsEnd && siren.Definition.Zones.Any(isWarned)) continue;
                string sound = message.IsEnd ? "over" : "warn";
                MqttPublication publication = Telling(siren, message.Status, sound, message.Identity, message.Revision, message);
                siren.Commands[root] = new Command { Sound = sound, Identity = message.Identity, Revision = message.Revision, Status = message.Status, Publication = publication, At = _clock.GetTimestamp() };
                commands.Add(publication);
            }
        }
        return commands;
    }

    /// <summary>What is to be told again because nobody acknowledged it, and the self-tests that are due; tells what has gone wrong or right since.</summary>
    /// <param name="isWarned">Whether a zone is warned on the topics that begin so.</param>
    public IReadOnlyList<MqttPublication> Beat(Func<string, string, bool> isWarned)
    {
        List<MqttPublication> again = [];
        lock (_gate)
        {
            foreach (Siren siren in _sirens.Values)
            {
                foreach ((string root, Command warn) in siren.Commands.Where(c => c.Value.Sound == "warn" && !siren.Definition.Zones.Any(z => isWarned(c.Key, z))).ToArray())
                {
                    // The end of its warning was given up and only the beat tells of it: a siren must not go on for that.
                    siren.Commands[root] = new Command
                    {
                        Sound = "over",
                        Identity = warn.Identity,
                        Revision = warn.Revision + 1,
                        Publication = Telling(siren, warn.Status, "over", warn.Identity, warn.Revision + 1, null),
                        Status = warn.Status,
                        At = _clock.GetTimestamp(),
                    };
                    again.Add(siren.Commands[root].Publication);
                }
                foreach (Command c in siren.Commands.Values)
                {
                    double age = _clock.GetElapsedTime(c.At).TotalSeconds;
                    // The beat after a command may come at once: a siren has its time to answer first.
                    if (!c.Acknowledged && age >= Math.Min(1, _settings.SirenAnswerS) && age < MqttLimits.CommandExpiryS) again.Add(c.Publication);
                }
                if (siren.SelfTest == SelfTestResult.Running && _clock.GetElapsedTime(siren.TestAt).TotalSeconds >= _settings.SirenAnswerS) End(siren, SelfTestResult.NoAnswer);
            }
            if (_nextTest is { } due && _clock.GetUtcNow() >= due && !_sirens.Values.Any(Warns))
            {
                while (_nextTest <= _clock.GetUtcNow()) _nextTest = _nextTest.Value.AddDays(1);
                foreach (Siren siren in _sirens.Values) again.Add(Begin(siren));
            }
        }
        Judge();
        return again;
    }

    /// <summary>Begins one siren's self-test.</summary>
    /// <returns>What to publish, and the result to wait for; null where it is refused.</returns>
    public (MqttPublication Publication, Task<SelfTestResult> Result)? SelfTest(string id)
    {
        lock (_gate)
        {
            if (!_sirens.TryGetValue(id, out Siren? siren) || Warns(siren)) return null;
            MqttPublication publication = Begin(siren);
            return (publication, siren.Test!.Task);
        }
    }

    /// <summary>Ends a self-test that got no answer.</summary>
    public void NoAnswer(string id)
    {
        lock (_gate)
            if (_sirens.TryGetValue(id, out Siren? siren) && siren.SelfTest == SelfTestResult.Running) End(siren, SelfTestResult.NoAnswer);
        Judge();
    }

    /// <summary>What silences a siren, whatever it was told before; null where there is none of that id.</summary>
    public MqttPublication? Off(string id)
    {
        lock (_gate)
        {
            if (!_sirens.TryGetValue(id, out Siren? siren)) return null;
            siren.Commands.Clear();
            return Telling(siren, _status, "off", NewIdentity("off"), 1, null);
        }
    }

    /// <summary>Takes what a siren says; whatever is wrong with it is passed over.</summary>
    public void Hear(string topic, byte[] payload, bool retained)
    {
        lock (_gate)
        {
            foreach (OperationStatus status in (ReadOnlySpan<OperationStatus>)[OperationStatus.Actual, OperationStatus.Exercise])
            {
                string root = _topics.Root(status), begin = root + "/siren/";
                if (!topic.StartsWith(begin, StringComparison.Ordinal) || !topic.EndsWith("/state", StringComparison.Ordinal) || topic.Length < begin.Length + "/state".Length) continue;
                string level = topic[begin.Length..^"/state".Length];
                if (_sirens.Values.FirstOrDefault(s => MqttTopics.Level(s.Definition.Id) == level) is not { } siren) continue;
                // What the broker kept for us is no sign of life.
                if (!retained) siren.HeardAt = _clock.GetTimestamp();
                Read(siren, root, payload);
                break;
            }
        }
        Judge();
    }

    private void Read(Siren siren, string root, byte[] payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement e = document.RootElement;
            if (e.ValueKind != JsonValueKind.Object) return;
            string identity = Text(e, "identity");
            int revision = e.TryGetProperty("revision", out JsonElement r) && r.ValueKind == JsonValueKind.Number && r.TryGetInt32(out int n) ? n : 0;
            if (siren.Commands.TryGetValue(root, out Command? command) && command.Identity == identity && command.Revision <= revision) command.Acknowledged = true;
            if (e.TryGetProperty("reportEveryS", out JsonElement every) && every.ValueKind == JsonValueKind.Number && every.TryGetDouble(out double s) && s is >= 1 and <= 86_400) siren.ReportEveryS = s;
            if (e.TryGetProperty("fault", out _)) siren.Fault = Text(e, "fault");
            SelfTestResult result = Text(e, "selfTest") switch { "pass" => SelfTestResult.Passed, "fail" => SelfTestResult.Failed, _ => SelfTestResult.None };
            // A result without an identity is of the newest test; one of an older test is not.
            if (result != SelfTestResult.None && (identity.Length == 0 || identity == siren.TestIdentity || siren.SelfTest != SelfTestResult.Running)) End(siren, result);
        }
        catch (JsonException)
        {
            // Plain text is a sign of life and nothing else.
        }
    }

    private static string Text(JsonElement e, string member)
    {
        if (!e.TryGetProperty(member, out JsonElement v) || v.ValueKind != JsonValueKind.String) return "";
        string text = new([.. v.GetString()!.Where(c => !char.IsControl(c)).Take(MqttLimits.SirenCharacters)]);
        return text;
    }

    private MqttPublication Begin(Siren siren)
    {
        siren.Test?.TrySetResult(SelfTestResult.NoAnswer);
        siren.Test = new TaskCompletionSource<SelfTestResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        (siren.SelfTest, siren.TestAt, siren.TestIdentity) = (SelfTestResult.Running, _clock.GetTimestamp(), NewIdentity("selftest"));
        return Telling(siren, _status, "selftest", siren.TestIdentity, 1, null);
    }

    private static void End(Siren siren, SelfTestResult result)
    {
        siren.SelfTest = result;
        siren.Test?.TrySetResult(result);
        siren.Test = null;
    }

    private string NewIdentity(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}.{_clock.GetUtcNow().ToUnixTimeSeconds()}.{++_tests}");

    private static bool Warns(Siren siren) => siren.Commands.Values.Any(c => c.Sound == "warn");

    private MqttPublication Telling(Siren siren, OperationStatus status, string sound, string identity, int revision, WarningMessage? m)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = WarningMessageJson.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("sound", sound);
            json.WriteString("identity", identity);
            json.WriteNumber("revision", revision);
            json.WriteString("status", MqttNames.Of(m?.Status ?? status));
            if (m is not null)
            {
                json.WriteString("zone", m.Zone.Id);
                json.WriteString("advice", MqttNames.Of(m.Advice));
                json.WriteString("impactTime", m.ImpactTime.ToString());
                json.WriteString("expires", m.Expires.ToString());
                json.WriteString("time", m.Time.ToString());
            }
            json.WriteEndObject();
        }
        return new MqttPublication(_topics.SirenCommand(status, siren.Definition.Id), buffer.WrittenSpan.ToArray(), Retain: false, MqttLimits.CommandExpiryS, m);
    }

    /// <summary>Finds what is wrong with each siren now, and tells what has changed: outside the lock, as whoever hears has one of their own.</summary>
    private void Judge()
    {
        List<string> told = [];
        Action<string> tell;
        lock (_gate)
        {
            tell = _tell;
            foreach (Siren siren in _sirens.Values)
            {
                (string problem, bool sameAsBefore) = Problem(siren);
                if (!sameAsBefore) told.Add(problem.Length > 0 ? $"siren {siren.Definition.Id} {problem}" : $"siren {siren.Definition.Id} is well again");
                siren.Problem = problem;
            }
        }
        foreach (string what in told) tell(what);
    }

    private (string Problem, bool SameAsBefore) Problem(Siren siren)
    {
        double silentS = _clock.GetElapsedTime(siren.HeardAt ?? _startedAt).TotalSeconds;
        double mayBeSilentS = siren.ReportEveryS is { } every ? MqttLimits.MissedBeats * every : _settings.SirenSilentS;
        string problem = siren switch
        {
            { Fault.Length: > 0 } => $"reports a fault: {siren.Fault}",
            { SelfTest: SelfTestResult.Failed } => "failed its self-test",
            { SelfTest: SelfTestResult.NoAnswer } => "gave no result of its self-test",
            _ when siren.Commands.Values.FirstOrDefault(c => !c.Acknowledged && _clock.GetElapsedTime(c.At).TotalSeconds >= _settings.SirenAnswerS) is { } command
                => $"has not acknowledged \"{command.Sound}\" of {command.Identity}",
            _ when silentS >= mayBeSilentS && siren.HeardAt is null => "has never been heard",
            _ when silentS >= mayBeSilentS => $"has not been heard for more than {mayBeSilentS.ToString("0", CultureInfo.InvariantCulture)} s",
            _ => "",
        };
        return (problem, problem == siren.Problem);
    }
}
