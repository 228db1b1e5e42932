namespace Tocsin.Server.Access;

/// <summary>Every limit of log-in, sessions, keys and requests, by name.</summary>
public static class AccessLimits
{
    /// <summary>Local accounts.</summary>
    public const int Users = 1_000;

    /// <summary>API keys, the revoked ones too.</summary>
    public const int Keys = 1_000;

    /// <summary>Characters of the name of an account, a key or a feed's scope.</summary>
    public const int NameCharacters = 64;

    /// <summary>Scopes of one key.</summary>
    public const int ScopesPerKey = 32;

    /// <summary>Fewest and most characters of a password; more would let a stranger keep the hash function busy.</summary>
    public const int LeastPasswordCharacters = 12, MostPasswordCharacters = 256;

    /// <summary>Fewest different characters of a password.</summary>
    public const int LeastPasswordVariety = 5;

    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512 in a password's hash (OWASP Password Storage Cheat Sheet: 210,000 at least).</summary>
    public const int HashIterations = 210_000;

    /// <summary>Passwords that wait to be checked. One is checked at a time, as a check costs a tenth of a second of a processor that the radar needs.</summary>
    public const int WaitingLogIns = 16;

    /// <summary>Accounts and addresses whose failed log-ins are remembered; beyond it those silent for longest are forgotten.</summary>
    public const int RememberedFailures = 20_000;

    /// <summary>Bytes of a request's body, where the endpoint allows no other size.</summary>
    public const int BodyBytes = 1 << 18;

    /// <summary>Connections at once: 5,000 pages, and as many again.</summary>
    public const int Connections = 12_000;

    /// <summary>Age of what is known of users and keys, in seconds; a change made by another program is seen after it.</summary>
    public const int DirectoryAgeS = 5;

    /// <summary>Seconds that a request waits for the database when what is known of users and keys is merely old.</summary>
    public const double DirectoryWaitS = 0.5;

    /// <summary>Seconds that a request waits for it when nothing is known yet, or something is known to have changed.</summary>
    public const double DirectoryFirstWaitS = 5;

    /// <summary>Seconds between two looks whether the session or key of a stream that stays open still stands.</summary>
    public const int StreamLookS = 5;

    /// <summary>Seconds between two notes that a key was used.</summary>
    public const int KeyUseNoteS = 60;
}
