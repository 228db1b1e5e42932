using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Messages;

/// <summary>The texts of messages in a site's languages, each made once.</summary>
/// <remarks>A text says what, where and what to do, and nothing that changes from update to update: a warning is updated many times a second while its rounds come, on the Site's thread, and
/// says the same each time. Any thread may ask.</remarks>
public sealed class Wording(MessageCatalog catalog, LanguageSettings settings)
{
    // Four acts and three pieces of advice for each of a thousand zones; some kilobytes each.
    private const int Most = 12_000;

    private readonly ConcurrentDictionary<(string Zone, string Name, string Site, WarningAct Act, Advice Advice, OperationStatus Status), ImmutableArray<WarningText>> _texts = new();

    /// <summary>The texts of a message by language, as <see cref="MessageCatalog.Compose"/> makes them.</summary>
    public ImmutableArray<WarningText> Of(WarningMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var key = (message.Zone.Id, message.Zone.Name, message.Site, message.Act, message.Advice, message.Status);
        if (_texts.TryGetValue(key, out ImmutableArray<WarningText> texts)) return texts;
        if (_texts.Count >= Most) _texts.Clear();
        return _texts[key] = catalog.Compose(message, settings);
    }
}
