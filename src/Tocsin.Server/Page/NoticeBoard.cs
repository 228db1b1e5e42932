using System.Text.Json;
using Tocsin.Server.Live;

namespace Tocsin.Server.Page;

/// <summary>How much a notice matters.</summary>
public enum Severity
{
    /// <summary>Good to know.</summary>
    Info,
    /// <summary>To be looked at.</summary>
    Caution,
    /// <summary>People may not be warned, or warned for nothing.</summary>
    Danger,
}

/// <summary>Sentences that an operator should read, until their reason has gone.</summary>
public sealed class NoticeBoard(OperatorStream stream, SiteClock clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _standing = new(StringComparer.Ordinal);

    /// <summary>Shows a notice; one with the same id takes its place.</summary>
    public void Show(string id, Severity severity, string text)
    {
        lock (_gate)
        {
            if (_standing.TryGetValue(id, out string? before) && before == text) return;
            _standing[id] = text;
        }
        string name = severity switch { Severity.Info => "info", Severity.Caution => "caution", _ => "danger" };
        stream.Add("8notice:" + id, new NoticeEvent("notice", clock.Now.ToString(), id, name, text), PageJson.Default.NoticeEvent);
    }

    /// <summary>Takes a notice away.</summary>
    public void End(string id)
    {
        lock (_gate)
            if (!_standing.Remove(id)) return;
        stream.End(JsonSerializer.SerializeToUtf8Bytes(new NoticeEvent("notice.ended", clock.Now.ToString(), id, null, null), PageJson.Default.NoticeEvent), "8notice:" + id);
    }

    /// <summary>Shows a notice, or takes it away where there is no text.</summary>
    public void Set(string id, Severity severity, string? text)
    {
        if (string.IsNullOrEmpty(text)) End(id);
        else Show(id, severity, text);
    }

    /// <summary>The notices that stand.</summary>
    public IReadOnlyDictionary<string, string> Standing
    {
        get
        {
            lock (_gate) return new Dictionary<string, string>(_standing, StringComparer.Ordinal);
        }
    }
}
