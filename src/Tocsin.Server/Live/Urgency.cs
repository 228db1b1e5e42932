using System.Globalization;
using System.Runtime.InteropServices;

namespace Tocsin.Server.Live;

/// <summary>Which threads the operating system lets run first. .NET's own thread priorities do nothing on Linux.</summary>
/// <remarks>Linux gives every thread a niceness of its own (setpriority(2), "NOTES"): anybody may be less urgent, and to be more urgent takes the right to it (root, or Nice= in
/// the systemd unit). What is not permitted, or not Linux, is left as it is: the server works all the same, only less evenly on a machine that does other work.</remarks>
internal static class Urgency
{
    // Chosen: the whole server ahead of what else the machine does, the Site ahead of feeds and pages, and housekeeping behind everything.
    private const int WholeServer = -5, SiteItself = -10, Housekeeping = 10;
    private const int Process = 0, ThisThread = 0;

    /// <summary>The whole server, as far as it runs by now; threads begin with the urgency of the one that starts them.</summary>
    public static void RaiseServer()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
                if (int.TryParse(Path.GetFileName(thread), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) Set(id, WholeServer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The thread that has just ended, or a /proc that is hidden.
        }
    }

    /// <summary>Nothing goes out while this thread does not run: the Site's, and the one that its recording waits for. Not for feeds: a flood must not come first.</summary>
    public static void RaiseThisThread() => Set(ThisThread, SiteItself);

    /// <summary>This thread does what can wait: packing, snapshots, the database.</summary>
    public static void LowerThisThread() => Set(ThisThread, Housekeeping);

    private static void Set(int thread, int niceness)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            // Of a raise that is not permitted nothing comes, and nothing is to be done.
            _ = SetPriority(Process, (uint)thread, niceness);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    [DllImport("libc", EntryPoint = "setpriority"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int niceness);
}
