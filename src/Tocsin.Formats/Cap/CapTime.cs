using System.Globalization;

namespace Tocsin.Formats.Cap;

/// <summary>A date and time as CAP writes them: whole seconds and a numeric offset, <c>2026-11-23T22:43:05-00:00</c> (CAP 1.2, section 3.3.2).</summary>
/// <remarks>Keeps its text, as references to a message repeat the text of its time. UTC is written <c>-00:00</c>; what was read as <c>+00:00</c> stays so,
/// and <see cref="CapRules"/> says so.</remarks>
public readonly record struct CapTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss";
    private readonly string? _text;

    private CapTime(string text, DateTimeOffset value) => (_text, Value) = (text, value);

    /// <summary>The text.</summary>
    public string Text => _text ?? "0001-01-01T00:00:00-00:00";

    /// <summary>The time, with its offset.</summary>
    public DateTimeOffset Value { get; }

    /// <summary>The time on the core's time line.</summary>
    public Instant Instant => new(Value.UtcTicks - DateTimeOffset.UnixEpoch.Ticks);

    /// <summary>The second that an instant is in, in UTC.</summary>
    public static CapTime Of(Instant instant)
    {
        long ticks = Math.Clamp(instant.Ticks, -DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) + DateTime.UnixEpoch.Ticks;
        var utc = new DateTime(ticks - ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        return new(utc.ToString(Form, CultureInfo.InvariantCulture) + "-00:00", new DateTimeOffset(utc));
    }

    /// <summary>Reads a date and time; false where the text is not CAP's form of one, as with <c>Z</c> or fractions of a second.</summary>
    public static bool TryParse(string? text, out CapTime time)
    {
        time = default;
        if (text is not { Length: 25 } || text[10] != 'T' || text[19] is not ('-' or '+')) return false;
        if (!DateTimeOffset.TryParseExact(text, Form + "zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset value)) return false;
        time = new(text, value);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
