namespace Tocsin.Server.Channels.Mqtt;

/// <summary>Words as topics' payloads have them.</summary>
internal static class MqttNames
{
    /// <summary>A status: <c>actual</c>, <c>exercise</c> or <c>test</c>.</summary>
    public static string Of(OperationStatus status) => status switch
    {
        OperationStatus.Actual => "actual",
        OperationStatus.Exercise => "exercise",
        _ => "test",
    };

    /// <summary>An advice: <c>drop</c>, <c>awayFromWindows</c> or <c>shelter</c>.</summary>
    public static string Of(Advice advice) => advice switch
    {
        Advice.Drop => "drop",
        Advice.AwayFromWindows => "awayFromWindows",
        _ => "shelter",
    };
}
