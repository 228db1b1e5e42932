using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Access;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Tests.Access;

/// <summary>The section <c>access</c>.</summary>
public sealed class AccessSettingsTests
{
    private const string Loopback = "http://127.0.0.1:8080";

    private static (AccessSettings Settings, List<ConfigProblem> Problems) Read(string json, OperationStatus status = OperationStatus.Exercise, params string[] urls)
    {
        List<ConfigProblem> problems = [];
        using JsonDocument document = JsonDocument.Parse(json);
        return (AccessSettings.Read(new ConfigSection(document.RootElement, problems).Section("access"), urls.Length == 0 ? [Loopback] : urls, status, new FakeTimeProvider()), problems);
    }

    [Fact]
    public void Nothing_configured_means_log_in()
    {
        (AccessSettings settings, List<ConfigProblem> problems) = Read("{}");
        Assert.Empty(problems);
        Assert.Null(settings.Open);
        Assert.Null(settings.Oidc);
        Assert.Empty(settings.TrustedProxies);
        Assert.Equal(["localhost", "127.0.0.1", "[::1]"], settings.AllowedHosts);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", OperationStatus.Exercise, true)]
    [InlineData("http://localhost:8080", OperationStatus.Test, true)]
    [InlineData("http://[::1]:8080", OperationStatus.Test, true)]
    [InlineData("http://127.9.9.9:0", OperationStatus.Test, true)]
    [InlineData("http://127.0.0.1:8080", OperationStatus.Actual, false)]
    [InlineData("http://0.0.0.0:8080", OperationStatus.Exercise, false)]
    [InlineData("http://*:8080", OperationStatus.Exercise, false)]
    [InlineData("http://+:8080", OperationStatus.Exercise, false)]
    [InlineData("http://[::]:8080", OperationStatus.Exercise, false)]
    [InlineData("http://10.0.0.1:8080", OperationStatus.Exercise, false)]
    [InlineData("http://localhost.example:8080", OperationStatus.Exercise, false)]
    [InlineData("http://127.0.0.1.example:8080", OperationStatus.Exercise, false)]
    [InlineData("nonsense", OperationStatus.Exercise, false)]
    public void A_role_without_log_in_is_for_exercises_on_this_machine(string url, OperationStatus status, bool allowed)
    {
        (AccessSettings settings, List<ConfigProblem> problems) = Read("""{"access":{"open":"operator"}}""", status, Loopback, url);
        Assert.Equal(allowed ? Role.Operator : null, settings.Open);
        Assert.Equal(allowed ? [] : ["access.open"], problems.Select(p => p.Key));
    }

    [Theory]
    [InlineData("""{"open":"administrator"}""", "access.open")]
    [InlineData("""{"trustedProxies":["10.0.0.1","proxy.example"]}""", "access.trustedProxies[1]")]
    [InlineData("""{"allowedHosts":["https://tocsin.example/"]}""", "access.allowedHosts[0]")]
    [InlineData("""{"sessionIdleS":1}""", "access.sessionIdleS")]
    [InlineData("""{"tls":{"certificate":"/nothing.pem","password":"hunter2"}}""", "access.tls.certificate")]
    [InlineData("""{"tls":{}}""", "access.tls.certificate")]
    [InlineData("""{"oidc":{"authority":"http://idp.example","clientId":"x","clientSecret":"hunter2","roles":{"g":"viewer"}}}""", "access.oidc.authority")]
    [InlineData("""{"oidc":{"authority":"https://idp.example","clientId":"x","roles":{"g":"king"}}}""", "access.oidc.roles.g")]
    [InlineData("""{"oidc":{"authority":"https://idp.example","clientId":"x","clientSecret":"hunter2"}}""", "access.oidc.roles")]
    [InlineData("""{"opne":"viewer"}""", "access.opne")]
    public void A_wrong_setting_is_named_and_no_secret_is_shown(string json, string key)
    {
        ConfigProblem problem = Assert.Single(Read($$"""{"access":{{json}}}""").Problems);
        Assert.Equal(key, problem.Key);
        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_right_is_read()
    {
        (AccessSettings settings, List<ConfigProblem> problems) = Read("""
            {"access":{"trustedProxies":["10.0.0.1","10.1.0.0/16","fd00::/8"],"allowedHosts":["tocsin.example"],"sessionIdleS":3600,"requestsPerS":10,"burstRequests":100,
              "oidc":{"authority":"https://idp.example/realms/site","clientId":"tocsin","clientSecret":"hunter2","roleClaim":"roles","roles":{"ops":"operator","chiefs":"administrator"}}}}
            """);
        Assert.Empty(problems);
        Assert.Equal(["10.0.0.1/32", "10.1.0.0/16", "fd00::/8"], settings.TrustedProxies.Select(p => p.ToString()));
        Assert.Equal((TimeSpan.FromHours(1), 10, 100), (settings.SessionIdle, settings.RequestsPerS, settings.BurstRequests));
        Assert.Equal((Role.Operator, Role.Administrator, "roles"), (settings.Oidc!.Roles["ops"], settings.Oidc.Roles["chiefs"], settings.Oidc.RoleClaim));
        Assert.DoesNotContain("hunter2", settings.ToString(), StringComparison.Ordinal);
        Assert.True(settings.TrustedProxies[0].Contains(IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public void Https_without_a_certificate_is_a_problem() => Assert.Equal("access.tls", Assert.Single(Read("{}", OperationStatus.Exercise, "https://*:443").Problems).Key);

    [Theory]
    [InlineData("http://10.0.0.5:80", "localhost 127.0.0.1 [::1] 10.0.0.5")]
    [InlineData("http://0.0.0.0:80", "*")]
    [InlineData("http://127.0.0.2:80", "localhost 127.0.0.1 [::1] 127.0.0.2")]
    public void Requests_may_name_the_hosts_of_the_urls(string url, string hosts) => Assert.Equal(hosts, string.Join(' ', Read("{}", OperationStatus.Exercise, url).Settings.AllowedHosts));
}
