using Tocsin.Server.Channels;

namespace Tocsin.Server.Storage;

/// <summary>Enumerations as the words of the page's protocol and the events.</summary>
internal static class Words
{
    /// <summary>The word for a status.</summary>
    public static string Of(OperationStatus status) => status switch { OperationStatus.Actual => "actual", OperationStatus.Exercise => "exercise", _ => "test" };

    /// <summary>The word for an act.</summary>
    public static string Of(WarningAct act) => act switch { WarningAct.Raised => "raised", WarningAct.Updated => "updated", WarningAct.Over => "over", _ => "retracted" };

    /// <summary>The word for an advice.</summary>
    public static string Of(Advice advice) => advice switch { Advice.Drop => "drop", Advice.AwayFromWindows => "awayFromWindows", _ => "shelter" };
}
