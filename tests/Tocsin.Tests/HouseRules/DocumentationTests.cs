using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Tocsin.Tests.HouseRules;

/// <summary>Every public type and member of the core says what it is.</summary>
public class DocumentationTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void Every_public_type_and_member_of_the_core_is_documented()
    {
        Assembly core = typeof(Site).Assembly;
        XDocument xml = XDocument.Load(Path.ChangeExtension(core.Location, ".xml"));
        Rule.Holds(Undocumented(core.GetExportedTypes(), xml));
    }

    [Fact]
    public void The_rule_sees_what_is_missing_or_blank()
    {
        string name = typeof(Sample.HalfDocumented).FullName!;
        XDocument xml = XDocument.Parse($"""
            <doc><members>
              <member name="T:{name}"><summary>A type.</summary></member>
              <member name="P:{name}.Documented"><summary>Documented.</summary></member>
              <member name="M:{name}.Overloaded(System.Int32)"><summary>One.</summary></member>
              <member name="M:{name}.Blank"><summary> </summary></member>
            </members></doc>
            """);
        Assert.Equal([$"P:{name}.Bare", $"M:{name}.Blank", $"M:{name}.Overloaded"], Undocumented([typeof(Sample.HalfDocumented)], xml));
    }

    private static IEnumerable<string> Undocumented(IEnumerable<Type> types, XDocument xml)
    {
        Dictionary<string, XElement> documented = xml.Descendants("member")
            .Where(m => m.Elements().Any(e => e.Name == "inheritdoc" || e.Value.Trim().Length > 0))
            .ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);
        foreach (Type type in types)
        {
            string name = type.FullName!.Replace('+', '.');
            if (!documented.TryGetValue("T:" + name, out XElement? element))
            {
                yield return "T:" + name;
                continue;
            }
            // A positional member of a record is documented by the parameter of that name.
            HashSet<string> parameters = [.. element.Elements("param").Where(p => p.Value.Trim().Length > 0).Select(p => p.Attribute("name")!.Value)];
            foreach (FieldInfo f in type.GetFields(Declared).Where(f => IsVisible(f.Attributes) && !f.IsSpecialName))
                if (!documented.ContainsKey($"F:{name}.{f.Name}")) yield return $"F:{name}.{f.Name}";
            foreach (PropertyInfo p in type.GetProperties(Declared).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)))
                if (!parameters.Contains(p.Name) && Count(documented, $"P:{name}.{p.Name}") == 0 && !IsSynthesised(p)) yield return $"P:{name}.{p.Name}";
            foreach (IGrouping<string, MethodBase> overloads in Methods(type).GroupBy(MethodName, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
                if (Count(documented, $"M:{name}.{overloads.Key}") < overloads.Count() - (overloads.Key == "#ctor" && parameters.Count > 0 ? 1 : 0))
                    yield return $"M:{name}.{overloads.Key}";
        }
    }

    private static IEnumerable<MethodBase> Methods(Type type) => type.IsEnum || typeof(Delegate).IsAssignableFrom(type)
        ? []
        : type.GetMethods(Declared).Where(m => !m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)).Cast<MethodBase>()
            .Concat(type.GetConstructors(Declared).Where(c => c.GetParameters().Length > 0))
            .Where(m => IsVisible(m) && !m.IsDefined(typeof(CompilerGeneratedAttribute)) && !m.Name.StartsWith('<'));

    private static int Count(Dictionary<string, XElement> documented, string id) => documented.Keys.Count(k =>
        k.StartsWith(id, StringComparison.Ordinal) && (k.Length == id.Length || k[id.Length] is '(' or '`' or '~'));

    private static string MethodName(MethodBase m) => m.IsConstructor ? "#ctor" : m.Name.Replace('.', '#');

    private static bool IsVisible(MethodBase m) => m.IsPublic || ((m.IsFamily || m.IsFamilyOrAssembly) && m.DeclaringType is { IsSealed: false, IsValueType: false });

    private static bool IsVisible(FieldAttributes attributes) => (attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Public;

    private static bool IsSynthesised(PropertyInfo p) => p.Name == "EqualityContract";
}
