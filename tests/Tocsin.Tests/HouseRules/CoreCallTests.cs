using System.Reflection;
using System.Runtime.CompilerServices;

namespace Tocsin.Tests.HouseRules;

/// <summary>The core computes and nothing else: no clock, file, socket, task or random source, no function whose bits depend on
/// the machine, no state outside its objects.</summary>
public class CoreCallTests
{
    private static readonly string[] s_types =
    [
        "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random", "System.Console", "System.TimeZoneInfo",
        "System.Security.Cryptography.RandomNumberGenerator", "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream",
        "System.IO.Directory", "System.IO.DirectoryInfo", "System.Diagnostics.Process", "System.Numerics.Vector", "System.Numerics.Vector`1",
    ];

    private static readonly string[] s_namespaces = ["System.Net.", "System.Threading.", "System.IO.Pipes.", "System.IO.MemoryMappedFiles."];

    private static readonly string[] s_members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable",
        "System.Environment.get_ProcessorCount", "System.Environment.get_MachineName",
    ];

    // The platform's C library or the processor's width picks their last bits.
    private static readonly string[] s_mathTypes =
        ["System.Math", "System.MathF", "System.Double", "System.Single", "System.Runtime.Intrinsics.Vector128",
         "System.Runtime.Intrinsics.Vector256", "System.Runtime.Intrinsics.Vector512"];

    private static readonly string[] s_functions =
        ["Sin", "Cos", "SinCos", "Tan", "Asin", "Acos", "Atan", "Atan2", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh",
         "Exp", "Exp2", "Exp10", "ExpM1", "Log", "Log2", "Log10", "LogP1", "Pow", "Cbrt", "Hypot", "RootN",
         "SinPi", "CosPi", "TanPi", "DegreesToRadians", "MultiplyAddEstimate", "ReciprocalEstimate", "ReciprocalSqrtEstimate"];

    [Fact]
    public void The_core_has_no_clock_file_socket_task_random_source_or_library_function() =>
        Rule.Holds(Violations(MetadataUses.Of(typeof(Site).Assembly.Location), "Tocsin."));

    [Fact]
    public void The_rule_sees_each_of_them()
    {
        string[] found = [.. Violations(MetadataUses.Of(typeof(CoreCallTests).Assembly.Location), typeof(Sample.Impure).Namespace + ".")];
        string[] expected =
        [
            "System.DateTime.get_UtcNow", "System.IO.File.ReadAllText", "System.Math.Sin", "System.Net.Sockets.Socket",
            "System.Random", "System.Runtime.Intrinsics.Vector256.Cos", "System.Threading.Tasks.Task",
        ];
        foreach (string e in expected) Assert.Contains(found, v => v.Contains(e, StringComparison.Ordinal));
    }

    [Fact]
    public void The_core_keeps_no_state_in_static_fields() => Rule.Holds(MutableStatics(typeof(Site).Assembly.GetTypes()));

    [Fact]
    public void The_rule_sees_a_static_field_that_can_change() =>
        Assert.Equal(["Tocsin.Tests.HouseRules.Sample.Impure.Counter"], MutableStatics([typeof(Sample.Impure)]));

    [Fact]
    public void The_core_refers_to_the_platform_alone() =>
        Assert.All(typeof(Site).Assembly.GetReferencedAssemblies(), a => Assert.StartsWith("System.", a.Name, StringComparison.Ordinal));

    private static IEnumerable<string> Violations(IEnumerable<Use> uses, string prefix) => uses
        .Where(u => u.From.StartsWith(prefix, StringComparison.Ordinal) && IsForbidden(u))
        .Select(u => $"{u.From} uses {u.To}{(u.Member.Length > 0 ? "." : "")}{u.Member}");

    private static bool IsForbidden(Use use) =>
        s_types.Contains(use.To, StringComparer.Ordinal)
        || s_namespaces.Any(n => use.To.StartsWith(n, StringComparison.Ordinal))
        || s_members.Contains(use.To + "." + use.Member, StringComparer.Ordinal)
        || (s_mathTypes.Contains(use.To, StringComparer.Ordinal) && s_functions.Contains(use.Member, StringComparer.Ordinal));

    private static IEnumerable<string> MutableStatics(IEnumerable<Type> types) => types
        .Where(t => !t.IsDefined(typeof(CompilerGeneratedAttribute)))
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(f => !f.IsInitOnly && !f.IsLiteral)
        .Select(f => f.DeclaringType!.FullName + "." + f.Name);
}
