using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Tocsin.Server.Access;

/// <summary>Hashes passwords and checks them: one at a time, and for an unknown account as long as for a known one.</summary>
internal sealed class Passwords : IDisposable
{
    private readonly IPasswordHasher<string> _hasher;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lazy<string> _nobody;
    private int _waiting;

    public Passwords(int iterations) : this(new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = iterations })))
    {
    }

    internal Passwords(IPasswordHasher<string> hasher)
    {
        _hasher = hasher;
        // The hash of a password that nobody knows: made once, as each check of an unknown account needs one to compare with.
        _nobody = new(() => hasher.HashPassword("", Guid.NewGuid().ToString()));
    }

    /// <summary>What is wrong with a new password; null where nothing is.</summary>
    public static string? Problem(string name, string password)
    {
        if (password.Length < AccessLimits.LeastPasswordCharacters) return $"the password is shorter than {AccessLimits.LeastPasswordCharacters} characters";
        if (password.Length > AccessLimits.MostPasswordCharacters) return $"the password is longer than {AccessLimits.MostPasswordCharacters} characters";
        if (password.Distinct().Count() < AccessLimits.LeastPasswordVariety) return $"the password has fewer than {AccessLimits.LeastPasswordVariety} different characters";
        // A name that is most of the password is no secret; a short name within a long password may be chance.
        return name.Length * 2 >= password.Length && password.Contains(name, StringComparison.OrdinalIgnoreCase) ? "the password is the user's name, or little more" : null;
    }

    public string Hash(string password) => _hasher.HashPassword("", password);

    /// <summary>Whether a password is right; null where too many wait already. The hash is null for an account that there is not.</summary>
    public async Task<bool?> CheckAsync(string? hash, string password, CancellationToken stop)
    {
        if (Interlocked.Increment(ref _waiting) > AccessLimits.WaitingLogIns)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }
        try
        {
            await _one.WaitAsync(stop);
            try
            {
                string against = hash ?? _nobody.Value;
                return await Task.Run(() => _hasher.VerifyHashedPassword("", against, password), stop) != PasswordVerificationResult.Failed && hash is not null;
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _one.Dispose();
}
