using System.Net;

namespace Tocsin.Server.Access;

/// <summary>Makes guessing slow: each failed log-in beyond a few makes the next wait, longer each time.</summary>
/// <remarks>
/// Counted for an account from one address (few are free, waits are long), for an account from everywhere and for an address (more are free, waits are
/// short). So a stranger who guesses at an operator's account cannot keep the operator out from elsewhere for more than a minute at a time.
/// An attempt counts as failed when it begins, so that guesses made at once are all counted, and is taken back when it succeeds.
/// </remarks>
internal sealed class LogInGuard(TimeProvider clock)
{
    private static readonly Rule s_pair = new(5, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15));
    private static readonly Rule s_account = new(50, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
    private static readonly Rule s_address = new(30, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
    private static readonly TimeSpan s_forget = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    private readonly record struct Rule(int Free, TimeSpan First, TimeSpan Longest);

    private sealed class Failures
    {
        public int Count;
        public long Last;
    }

    /// <summary>Begins an attempt: null where it may be made, else how long to wait first.</summary>
    public TimeSpan? Begin(string accountKey, string address)
    {
        lock (_gate)
        {
            TimeSpan wait = TimeSpan.Zero;
            foreach ((string key, Rule rule) in Keys(accountKey, address)) wait = Max(wait, Wait(key, rule));
            if (wait > TimeSpan.Zero) return wait;
            MakeRoom();
            foreach ((string key, _) in Keys(accountKey, address))
            {
                if (!_failures.TryGetValue(key, out Failures? f)) _failures[key] = f = new();
                f.Count++;
                f.Last = clock.GetTimestamp();
            }
            return null;
        }
    }

    /// <summary>The attempt was right: it is not counted, and the account's failures from this address are forgotten.</summary>
    public void Succeeded(string accountKey, string address)
    {
        lock (_gate)
        {
            foreach ((string key, _) in Keys(accountKey, address))
                if (_failures.TryGetValue(key, out Failures? f) && (--f.Count <= 0 || key[0] == 'p')) _failures.Remove(key);
        }
    }

    /// <summary>The attempt was neither right nor wrong: nobody looked at it.</summary>
    public void Undecided(string accountKey, string address)
    {
        lock (_gate)
        {
            foreach ((string key, _) in Keys(accountKey, address))
                if (_failures.TryGetValue(key, out Failures? f) && --f.Count <= 0) _failures.Remove(key);
        }
    }

    /// <summary>What counts as one address: an IPv6 site has 2^64 of them.</summary>
    public static string AddressKey(IPAddress? address)
    {
        if (address is null) return "none";
        address = ConnectionOrigin.Plain(address);
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }

    private static (string Key, Rule Rule)[] Keys(string accountKey, string address) =>
        [($"p{accountKey} {address}", s_pair), ($"u{accountKey}", s_account), ($"a{address}", s_address)];

    private TimeSpan Wait(string key, Rule rule)
    {
        if (!_failures.TryGetValue(key, out Failures? f)) return TimeSpan.Zero;
        TimeSpan since = clock.GetElapsedTime(f.Last);
        if (since > s_forget)
        {
            _failures.Remove(key);
            return TimeSpan.Zero;
        }
        if (f.Count < rule.Free) return TimeSpan.Zero;
        TimeSpan wait = rule.First * Math.Pow(2, Math.Min(f.Count - rule.Free, 20));
        return Max((wait < rule.Longest ? wait : rule.Longest) - since, TimeSpan.Zero);
    }

    private void MakeRoom()
    {
        if (_failures.Count < AccessLimits.RememberedFailures) return;
        foreach (string key in _failures.OrderBy(f => f.Value.Last).Take(AccessLimits.RememberedFailures / 2).Select(f => f.Key).ToList()) _failures.Remove(key);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
