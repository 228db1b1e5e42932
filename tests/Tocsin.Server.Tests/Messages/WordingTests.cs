using Tocsin.Server.Channels;
using Tocsin.Server.Messages;

namespace Tocsin.Server.Tests.Messages;

/// <summary>Texts that are made once are those that would be made each time.</summary>
public sealed class WordingTests
{
    [Fact]
    public void What_is_said_again_is_what_would_be_composed_anew()
    {
        var wording = new Wording(MessageCatalog.Embedded, LanguageSettings.Unsigned);
        WarningMessage[] messages =
        [
            .. from act in Enum.GetValues<WarningAct>()
               from advice in Enum.GetValues<Advice>()
               from status in Enum.GetValues<OperationStatus>()
               from zone in (string[])["Gate", "Mess hall"]
               select Sample.Message(status: status) with { Act = act, Advice = advice, Zone = Sample.Zone with { Id = zone, Name = zone } },
        ];
        // In two rounds: what the first has kept, the second gets; only what changes nothing of the text differs.
        for (int round = 0; round < 2; round++)
            foreach (WarningMessage m in messages)
            {
                WarningMessage later = m with { Revision = 1 + round, Probability = 0.1 * round, Time = m.Time.AddSeconds(round) };
                Assert.Equal(MessageCatalog.Embedded.Compose(later, LanguageSettings.Unsigned), wording.Of(later));
            }
        WarningMessage actual = messages.First(m => m.Status == OperationStatus.Exercise);
        Assert.Equal(wording.Of(actual), wording.Of(actual with { Revision = 9 }));
    }
}
