using System.Runtime.InteropServices;

namespace Tocsin.Server.Live;

/// <summary>Waits for less than a millisecond, which .NET's own waits cannot: they count in whole ones.</summary>
internal static class Nap
{
    private const double NanosecondsPerS = 1e9;

    /// <summary>Waits; on Linux to some ten microseconds (nanosleep(2)), elsewhere for a whole millisecond.</summary>
    /// <param name="seconds">How long, less than a second.</param>
    public static void For(double seconds)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            try
            {
                Time time = new(0, (long)(seconds * NanosecondsPerS));
                _ = Sleep(time, 0);
                return;
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                // Another C library.
            }
        }
        Thread.Sleep(1);
    }

    [DllImport("libc", EntryPoint = "nanosleep"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(in Time time, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Time(long Seconds, long Nanoseconds);
}
