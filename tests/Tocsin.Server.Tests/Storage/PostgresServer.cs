using System.Diagnostics;
using Npgsql;
using Tocsin.Server.Storage;

[assembly: AssemblyFixture(typeof(Tocsin.Server.Tests.Storage.SharedPostgres))]

namespace Tocsin.Server.Tests.Storage;

/// <summary>One PostgreSQL server for all tests, started by the first that asks; each test has a database of its own in it.</summary>
public sealed class SharedPostgres : IDisposable
{
    private static readonly Lock s_gate = new();
    private static PostgresServer? s_server;

    internal static PostgresServer Server
    {
        get
        {
            lock (s_gate) return s_server ??= new PostgresServer();
        }
    }

    public void Dispose()
    {
        lock (s_gate) s_server?.Dispose();
    }
}

/// <summary>Debian's PostgreSQL in a folder under the temporary one, on a Unix socket alone, without fsync.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string _bin;
    private readonly string _folder = Directory.CreateTempSubdirectory("tocsin-pg-").FullName;

    public PostgresServer()
    {
        string? bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        Assert.SkipWhen(bin is null, "Debian's postgresql is not here");
        _bin = bin!;
        if (Environment.IsPrivilegedProcess) Run("chown", "postgres", _folder);
        As("initdb", "-D", Data, "-A", "trust", "-U", "tocsin", "--no-sync", "-E", "UTF8", "--locale=C");
        Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    private string Data => Path.Combine(_folder, "data");

    public string Connection(string database) => new NpgsqlConnectionStringBuilder { Host = _folder, Username = "tocsin", Database = database }.ConnectionString;

    public void Start() => As("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", $"-F -k {_folder} -c listen_addresses= -c max_connections=60 -c shared_buffers=16MB", "start");

    /// <summary>Ends it as a crash would: at once, without writing anything.</summary>
    public void Kill() => As("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    public void Dispose()
    {
        if (!Directory.Exists(_folder)) return;
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) Kill();
        Directory.Delete(_folder, recursive: true);
    }

    // It refuses to run as root.
    private void As(string program, params string[] arguments)
    {
        string path = Path.Combine(_bin, program);
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else Run(path, arguments);
    }

    private void Run(string program, params string[] arguments)
    {
        // The server that pg_ctl leaves behind would keep a pipe open: its output goes to a file.
        ProcessStartInfo info = new("/bin/sh") { WorkingDirectory = _folder };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add("log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null");
        string log = Path.Combine(_folder, "run.log");
        foreach (string a in (string[])["sh", log, program, .. arguments]) info.ArgumentList.Add(a);
        using Process process = Process.Start(info)!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), $"{program} does not end");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {(File.Exists(log) ? File.ReadAllText(log) : "")}");
    }
}

/// <summary>An empty database of either kind, gone with the test.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly List<IDisposable> _stores = [];

    public TestDatabase(StorageKind kind, int sizeLimitMb = 64, int keepDays = 0, PostgresServer? server = null)
    {
        Folder = Directory.CreateTempSubdirectory("tocsin-store-").FullName;
        string? connection = kind == StorageKind.PostgreSql ? (server ?? SharedPostgres.Server).Connection("t" + Guid.NewGuid().ToString("N")) : null;
        Settings = new(kind, Folder, connection, sizeLimitMb, keepDays);
        Store = Open();
    }

    public string Folder { get; }

    public StorageSettings Settings { get; }

    public Store Store { get; }

    /// <summary>Another store on the same database, as another program or a restart has it.</summary>
    public Store Open(StorageSettings? settings = null)
    {
        Store store = new(settings ?? Settings);
        _stores.Add(store);
        return store;
    }

    public void Dispose()
    {
        foreach (IDisposable s in _stores) s.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
