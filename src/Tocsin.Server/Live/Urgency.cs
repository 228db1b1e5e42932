using System.Globalization;
using System.Runtime.InteropServices;

namespace Tocsin.Server.Live;

/// <summary>Which threads the operating system lets run first. .NET's own thread priorities do nothing on Linux.</summary>
/// <remarks>Linux gives every thread a niceness and a scheduling class of its own (setpriority(2), "NOTES"; sched(7)): anybody may be less urgent, and to be more urgent takes the right to it (root, or
/// Nice= and LimitRTPRIO= in the systemd unit). What is not permitted, or not Linux, is left as it is: the server works all the same, only less evenly on a machine that does other work.</remarks>
internal static class Urgency
{
    // Chosen: the whole server ahead of what else the machine does, the Site ahead of feeds and pages, and housekeeping behind everything.
    private const int WholeServer = -5, SiteItself = -10, Housekeeping = 10;
    private const int Process = 0, ThisThread = 0;
    // Round robin among real-time threads, lost by the threads that it starts; any priority comes before every thread without one.
    private const int RoundRobinNotInherited = 2 | 0x4000_0000, LowestRealTime = 1;

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
    /// <remarks>In real time where there is more than one processor: a niceness alone left the Site's thread waiting for a processor for a seventh of the time that it ran. With one processor
    /// a Site that has too much to do would keep the threads from running that send its warnings.</remarks>
    public static void RaiseThisThread()
    {
        Set(ThisThread, SiteItself);
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
            Try(static () => SetScheduler(ThisThread, RoundRobinNotInherited, LowestRealTime));
    }

    /// <summary>This thread does what can wait: packing, snapshots, the database.</summary>
    public static void LowerThisThread() => Set(ThisThread, Housekeeping);

    private static void Set(int thread, int niceness)
    {
        if (OperatingSystem.IsLinux()) Try(() => SetPriority(Process, (uint)thread, niceness));
    }

    private static void Try(Func<int> call)
    {
        try
        {
            // Of a raise that is not permitted nothing comes, and nothing is to be done.
            _ = call();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    [DllImport("libc", EntryPoint = "setpriority"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int niceness);

    [DllImport("libc", EntryPoint = "sched_setscheduler"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetScheduler(int thread, int policy, in int priority);
}
