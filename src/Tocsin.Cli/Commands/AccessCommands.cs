using System.CommandLine;
using System.Text.Json;
using Tocsin.Server;
using Tocsin.Server.Access;
using Tocsin.Server.Configuration;
using Tocsin.Server.Storage;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin user</c> and <c>tocsin key</c>: who may do what at a server, from the machine that it runs on.</summary>
internal static class AccessCommands
{
    /// <summary>Makes <c>tocsin user</c>: add, password, role, remove, list.</summary>
    public static Command MakeUser(Host host)
    {
        var name = new Argument<string>("NAME") { Description = "The user's name." };
        var role = new Option<Role>("--role") { Description = "viewer, operator or administrator.", DefaultValueFactory = _ => Role.Viewer, HelpName = "ROLE" };
        (Option<string> data, Option<string?> config) = (Data(), Config());
        var command = new Command("user", "Accounts of a server; passwords are read from standard input.");
        command.Add(With(new Command("add", "Add a user. The first administrator is made so.") { name, role }, data, config, (p, users) =>
            users.AddAsync(p.GetValue(name)!, p.GetValue(role), Password(host), Actor.CommandLine, host.Stop), host));
        command.Add(With(new Command("password", "Give a user another password; their sessions end.") { name }, data, config, (p, users) =>
            users.SetPasswordAsync(p.GetValue(name)!, Password(host), Actor.CommandLine, host.Stop), host));
        command.Add(With(new Command("role", "Give a user another role.") { name, role }, data, config, (p, users) =>
            users.SetRoleAsync(p.GetValue(name)!, p.GetValue(role), Actor.CommandLine, host.Stop), host));
        command.Add(With(new Command("remove", "Remove a user.") { name }, data, config, (p, users) => users.RemoveAsync(p.GetValue(name)!, Actor.CommandLine, host.Stop), host));
        command.Add(With(new Command("list", "List the users."), data, config, async (_, users) =>
        {
            foreach (UserLine u in await users.ListAsync(host.Stop)) host.Error.WriteLine(Host.OneLine($"{u.Role.ToString().ToLowerInvariant(),-13} {u.Name}"));
            return AccessResult.Done;
        }, host));
        return command;
    }

    /// <summary>Makes <c>tocsin key</c>: add, revoke, list.</summary>
    public static Command MakeKey(Host host)
    {
        var name = new Argument<string>("NAME") { Description = "What the key is for." };
        var id = new Argument<string>("ID") { Description = "The key's id, as 'tocsin key list' shows it." };
        var scopes = new Option<string[]>("--scope") { Description = "What it may do: feed:NAME, feed:*, metrics, gateway or viewer. May be given several times.", Required = true, HelpName = "SCOPE" };
        (Option<string> data, Option<string?> config) = (Data(), Config());
        var command = new Command("key", "Keys of machines.");
        var add = new Command("add", "Issue a key; it is shown once, on standard output.") { name, scopes, data, config };
        add.SetAction(async (p, stop) =>
        {
            using KeyAdmin keys = new(Storage(p.GetValue(data)!, p.GetValue(config)), host.Clock);
            (AccessResult result, IssuedKey? key) = await keys.AddAsync(p.GetValue(name)!, p.GetValue(scopes) ?? [], Actor.CommandLine, stop);
            if (key is null) return Answer(result);
            using var output = new StreamWriter(host.OpenOutput());
            await output.WriteLineAsync(key.Key);
            host.Error.WriteLine($"key {key.Id}: keep it now, it cannot be shown again");
            return Host.Done;
        });
        var revoke = new Command("revoke", "Revoke a key.") { id, data, config };
        revoke.SetAction(async (p, stop) =>
        {
            using KeyAdmin keys = new(Storage(p.GetValue(data)!, p.GetValue(config)), host.Clock);
            return Answer(await keys.RevokeAsync(p.GetValue(id)!, Actor.CommandLine, stop));
        });
        var list = new Command("list", "List the keys.") { data, config };
        list.SetAction(async (p, stop) =>
        {
            using KeyAdmin keys = new(Storage(p.GetValue(data)!, p.GetValue(config)), host.Clock);
            foreach (KeyLine k in await keys.ListAsync(stop)) host.Error.WriteLine(Host.OneLine($"{k.Id} {k.Name}: {string.Join(' ', k.Scopes)}{(k.Revoked is null ? "" : ", revoked")}"));
            return Host.Done;
        });
        command.Add(add);
        command.Add(revoke);
        command.Add(list);
        return command;
    }

    private static Option<string> Data() => new("--data") { Description = "The server's folder (tocsin-data).", HelpName = "DIR", DefaultValueFactory = _ => "tocsin-data" };

    private static Option<string?> Config() => new("--config") { Description = "Its configuration (DIR/tocsin.json).", HelpName = "FILE" };

    private static Command With(Command command, Option<string> data, Option<string?> config, Func<ParseResult, UserAdmin, Task<AccessResult>> act, Host host)
    {
        command.Add(data);
        command.Add(config);
        command.SetAction(async (p, _) =>
        {
            using UserAdmin users = new(Storage(p.GetValue(data)!, p.GetValue(config)), host.Clock);
            return Answer(await act(p, users));
        });
        return command;
    }

    /// <summary>Where the server keeps its users: as its configuration says.</summary>
    private static StorageSettings Storage(string data, string? config)
    {
        string folder = Path.GetFullPath(data);
        List<ConfigProblem> problems = [];
        string file = config ?? Path.Combine(folder, "tocsin.json");
        using JsonDocument? document = config is not null || File.Exists(file) ? ServerSettings.Open(file, problems) : null;
        ConfigSection top = document is null ? ConfigSection.Empty(problems) : new(document.RootElement, problems);
        StorageSettings storage = StorageSettings.Read(top.Section("storage"), folder);
        if (problems.Count > 0) throw new UnusableException(problems[0].ToString());
        Directory.CreateDirectory(folder);
        return storage;
    }

    private static int Answer(AccessResult result) => result.Outcome == AccessOutcome.Done ? Host.Done : throw new UnusableException(result.Problem);

    /// <summary>The password: typed without an echo where there is a terminal, else the first line of standard input.</summary>
    private static string Password(Host host)
    {
        if (Console.IsInputRedirected) return Console.In.ReadLine() ?? "";
        host.Error.Write("password: ");
        var typed = new System.Text.StringBuilder();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace && typed.Length > 0) typed.Length--;
            else if (key.KeyChar >= ' ') typed.Append(key.KeyChar);
        }
        host.Error.WriteLine();
        return typed.ToString();
    }
}
