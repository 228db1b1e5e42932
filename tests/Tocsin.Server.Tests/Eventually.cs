using System.Diagnostics;

namespace Tocsin.Server.Tests;

/// <summary>Waits for what another thread or program brings about, and gives up after a minute.</summary>
internal static class Eventually
{
    private const double PatienceS = 60;
    private const string Nothing = "it did not happen";
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until it holds.</summary>
    /// <param name="holds">What is looked at.</param>
    /// <param name="what">What is waited for, in words.</param>
    /// <param name="between">Done between two looks, such as to move a clock.</param>
    public static async Task TrueAsync(Func<Task<bool>> holds, string what = Nothing, Action? between = null)
    {
        long began = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(s_look);
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < PatienceS, $"within {PatienceS} s: {what}");
            between?.Invoke();
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string, Action?)"/>
    public static Task TrueAsync(Func<bool> holds, string what = Nothing, Action? between = null) => TrueAsync(() => Task.FromResult(holds()), what, between);

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string, Action?)"/>
    public static Task TrueAsync(Func<bool> holds, Action between) => TrueAsync(holds, Nothing, between);
}
