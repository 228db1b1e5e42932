using System.Text;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Page;

/// <summary>Turns what a Site says into the lines of an events file, one at a time, for the operator's stream.</summary>
internal sealed class EventLine : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly EventWriter _writer;
    private readonly string? _drill;

    /// <summary>Makes a formatter; <paramref name="drill"/> is the drill's id, which comes before every id, or null.</summary>
    public EventLine(SiteFile site, OperationStatus status, string? drill)
    {
        _drill = drill;
        _writer = new(_bytes, new RecordingHeader(site, status));
    }

    /// <summary>The line that <paramref name="write"/> writes, without its end; good until the next one.</summary>
    /// <param name="write">Writes one line; it need not take anything with it, so that nothing is made for a track's line.</param>
    /// <param name="now">The line's time.</param>
    /// <param name="what">What it tells.</param>
    /// <param name="more">Members to add at its end, each with a comma before it.</param>
    public ReadOnlySpan<byte> Of<T>(Action<EventWriter, Instant, T> write, Instant now, in T what, string more = "")
    {
        _bytes.SetLength(0);
        write(_writer, now, what);
        _writer.Flush();
        ReadOnlySpan<byte> lines = _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);
        // The first line ever opens the recording that this is not.
        lines = lines.TrimEnd((byte)'\n');
        ReadOnlySpan<byte> line = lines[(lines.LastIndexOf((byte)'\n') + 1)..];
        if (_drill is null && more.Length == 0) return line;
        string text = Encoding.UTF8.GetString(line[..^1]);
        if (_drill is not null)
        {
            text = text.Replace("\"track\":\"T", $"\"track\":\"{_drill}.T", StringComparison.Ordinal).Replace("\"warning\":\"W", $"\"warning\":\"{_drill}.W", StringComparison.Ordinal);
            int tracks = text.IndexOf("\"tracks\":[", StringComparison.Ordinal);
            if (tracks >= 0) text = text[..tracks] + text[tracks..].Replace("\"T", $"\"{_drill}.T", StringComparison.Ordinal);
            more += ",\"drill\":true";
        }
        return Encoding.UTF8.GetBytes(text + more + "}");
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
