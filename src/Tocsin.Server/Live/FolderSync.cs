using System.Runtime.InteropServices;

namespace Tocsin.Server.Live;

/// <summary>Takes a folder's entries to the disk, so that a rename in it outlasts a loss of power (fsync(2): "an explicit fsync() on a file descriptor for the directory is also needed").</summary>
internal static class FolderSync
{
    // O_RDONLY is 0 on every Unix.
    private const int ReadOnly = 0;

    /// <summary>Does nothing where the system has no such call, or refuses it: the rename itself has been done.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            int file = Open(folder, ReadOnly);
            if (file < 0) return;
            _ = Sync(file);
            _ = Close(file);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);
}
