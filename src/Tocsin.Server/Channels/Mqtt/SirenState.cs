namespace Tocsin.Server.Channels.Mqtt;

/// <summary>How a self-test ended.</summary>
public enum SelfTestResult
{
    /// <summary>None has been made.</summary>
    None,
    /// <summary>One is under way.</summary>
    Running,
    /// <summary>The siren says that it works.</summary>
    Passed,
    /// <summary>The siren says that it does not work.</summary>
    Failed,
    /// <summary>The siren gave no result in time, or could not be told.</summary>
    NoAnswer,
    /// <summary>It was not begun: the siren has a warning to give, or there is no such siren.</summary>
    Refused,
}

/// <summary>A siren as the operator sees it.</summary>
/// <param name="Id">Its id in the site.</param>
/// <param name="HeardS">Seconds since it was heard; null where it never was.</param>
/// <param name="SelfTest">How its last self-test ended.</param>
/// <param name="Problem">What is wrong with it, without its name; empty where nothing is.</param>
public sealed record SirenState(string Id, double? HeardS, SelfTestResult SelfTest, string Problem);
