using System.Globalization;

namespace Tocsin.Load;

/// <summary>What the command line asks for.</summary>
internal sealed record LoadOptions
{
    public string Tocsin { get; private set; } = "./tocsin";

    /// <summary><c>tracks</c>: looks 8 times a second, so that most plots are of rounds; <c>clutter</c>: twice a second, most are clutter.</summary>
    public bool ClutterMix { get; private set; }

    public int Rounds { get; private set; } = 200;

    public int PlotsPerS { get; private set; } = 20_000;

    public int Radars { get; private set; } = 10;

    public int Pages { get; private set; }

    public double Seconds { get; private set; } = 90;

    /// <summary>How long the server is left without a plot before the first.</summary>
    public double QuietS { get; private set; } = 10;

    public double WarmUpS { get; private set; } = 15;

    public ulong Seed { get; private set; } = 1;

    /// <summary>Which of <c>unloaded</c> and <c>loaded</c>; null for both.</summary>
    public string? Only { get; private set; }

    public bool Operator { get; private set; } = true;

    public bool Keep { get; private set; }

    /// <summary>Steps of 1/128 s in a scan.</summary>
    public int ScanSteps => ClutterMix ? 64 : 16;

    public const string Usage = "usage: [--tocsin PATH] [--mix tracks|clutter] [--rounds N] [--plots PER_S] [--radars N] [--pages N] [--seconds S] [--quiet S] [--warm-up S] [--only loaded|unloaded] [--no-operator] [--seed N] [--keep]";

    /// <summary>Reads the arguments; null where they are not right.</summary>
    public static LoadOptions? Read(string[] args)
    {
        var o = new LoadOptions();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--keep") o.Keep = true;
            else if (args[i] == "--no-operator") o.Operator = false;
            else if (i + 1 == args.Length || !o.Take(args[i], args[++i])) return null;
        }
        return o;
    }

    private bool Take(string name, string value)
    {
        bool isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0;
        switch (name)
        {
            case "--tocsin": Tocsin = value; return true;
            case "--mix": ClutterMix = value == "clutter"; return value is "clutter" or "tracks";
            case "--only": Only = value; return value is "loaded" or "unloaded";
            case "--rounds": Rounds = (int)number; return isNumber;
            case "--plots": PlotsPerS = (int)number; return isNumber;
            case "--radars": Radars = (int)number; return isNumber && Radars is > 0 and <= 32;
            case "--pages": Pages = (int)number; return isNumber;
            case "--seconds": Seconds = number; return isNumber;
            case "--quiet": QuietS = number; return isNumber;
            case "--warm-up": WarmUpS = number; return isNumber;
            case "--seed": Seed = (ulong)number; return isNumber;
            default: return false;
        }
    }
}
