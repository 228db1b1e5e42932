using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.SapientOut;
using Tocsin.Server.Configuration;
using Task = System.Threading.Tasks.Task;

namespace Tocsin.Server.Tests.C2;

/// <summary>The SAPIENT output with another system that the test plays, over loopback.</summary>
public sealed class SapientOutTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SapientOutChannel _channel;

    public SapientOutTests()
    {
        _listener.Start();
        _channel = Channel();
    }

    private SapientOutChannel Channel(double alertAckS = 0, string more = "")
    {
        List<ConfigProblem> problems = [];
        string json = $$"""{ "host": "127.0.0.1", "port": {{((IPEndPoint)_listener.LocalEndpoint).Port}}, "alertAckS": {{alertAckS}} {{more}} }""";
        SapientOutChannel? channel = SapientOutChannel.Read(new(JsonDocument.Parse(json).RootElement, problems), Sample.Context(_clock));
        Assert.Empty(problems);
        return channel!;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        _listener.Dispose();
    }

    /// <summary>Takes the connection and the registration, and accepts it.</summary>
    private async Task<Peer> Registered(bool accept = true, params string[] reasons)
    {
        Peer peer = await Peer.Accept(_listener);
        SapientMessage message = await peer.Next(SapientMessage.ContentOneofCase.Registration);
        Assert.Equal(Registration.Types.NodeType.FusionNode, message.Registration.NodeDefinition[0].NodeType);
        await peer.Send(new() { NodeId = "c2", DestinationId = message.NodeId, RegistrationAck = new() { Acceptance = accept, AckResponseReason = { reasons } } });
        return peer;
    }

    [Fact]
    public async Task It_registers_waits_for_the_answer_and_reports_its_status()
    {
        Task beat = _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        using Peer peer = await Peer.Accept(_listener);
        SapientMessage registration = await peer.Next(SapientMessage.ContentOneofCase.Registration);
        Assert.False(beat.IsCompleted);
        await peer.Send(new() { NodeId = "c2", RegistrationAck = new() { Acceptance = true } });
        SapientMessage status = await peer.Next(SapientMessage.ContentOneofCase.StatusReport);
        Assert.Equal((StatusReport.Types.System.Ok, StatusReport.Types.Info.New, "Operation"), (status.StatusReport.System, status.StatusReport.Info, status.StatusReport.Mode));
        Assert.Equal(registration.NodeId, status.NodeId);
        await beat;
        await _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Exercise, []), Sample.Deadline());
        status = await peer.Next(SapientMessage.ContentOneofCase.StatusReport);
        Assert.Equal((StatusReport.Types.Info.Unchanged, "Exercise"), (status.StatusReport.Info, status.StatusReport.Mode));
    }

    [Fact]
    public async Task A_refusal_is_a_failure_with_its_reason()
    {
        Task beat = _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        using Peer peer = await Registered(accept: false, "not expected here");
        IOException e = await Assert.ThrowsAsync<IOException>(() => beat);
        Assert.Contains("not expected here", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_a_failure()
    {
        Task beat = _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        using Peer peer = await Peer.Accept(_listener);
        await peer.Next(SapientMessage.ContentOneofCase.Registration);
        while (!beat.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Contains("not acknowledged within 10 s", (await Assert.ThrowsAsync<IOException>(() => beat)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        _listener.Stop();
        await Assert.ThrowsAsync<IOException>(() => _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline()));
    }

    [Fact]
    public async Task Tracks_go_out_with_their_impacts_when_they_change_and_end_once()
    {
        PictureTrack one = Sample.Track(1, hasImpact: true), two = Sample.Track(2);
        Task show = _channel.ShowAsync(Sample.Picture(0, OperationStatus.Actual, [one, two]), Sample.Deadline());
        using Peer peer = await Registered();
        DetectionReport first = (await peer.Next(SapientMessage.ContentOneofCase.DetectionReport)).DetectionReport;
        DetectionReport second = (await peer.Next(SapientMessage.ContentOneofCase.DetectionReport)).DetectionReport;
        await show;
        Assert.Equal((SapientReports.ObjectId(one.Identity), SapientReports.ObjectId(two.Identity)), (first.ObjectId, second.ObjectId));
        Assert.Equal(Sample.Start.AddSeconds(9).UtcDateTime, first.PredictionLocation.PredictedTimestamp.ToDateTime());
        Assert.Equal((44.4, 33.3), (Math.Round(first.PredictionLocation.Location.X, 9), Math.Round(first.PredictionLocation.Location.Y, 9)));
        Assert.Null(second.PredictionLocation);

        // Nothing new of the second; the first has moved on; a drill's picture in between ends neither.
        await _channel.ShowAsync(Sample.Picture(0.5, OperationStatus.Exercise, [Sample.Track(1, prefix: "green-zone.drill.")]), Sample.Deadline());
        await _channel.ShowAsync(Sample.Picture(1, OperationStatus.Actual, [Sample.Track(1, 1, true), two]), Sample.Deadline());
        await _channel.ShowAsync(Sample.Picture(2, OperationStatus.Actual, [two], one.Identity), Sample.Deadline());
        SapientMessage drill = await peer.Next(SapientMessage.ContentOneofCase.DetectionReport);
        Assert.StartsWith("EXERCISE", drill.AdditionalInformation, StringComparison.Ordinal);
        Assert.NotEqual(first.ObjectId, drill.DetectionReport.ObjectId);
        SapientMessage moved = await peer.Next(SapientMessage.ContentOneofCase.DetectionReport);
        Assert.Equal((first.ObjectId, Sample.Start.AddSeconds(1).UtcDateTime), (moved.DetectionReport.ObjectId, moved.Timestamp.ToDateTime()));
        DetectionReport lost = (await peer.Next(SapientMessage.ContentOneofCase.DetectionReport)).DetectionReport;
        Assert.Equal((first.ObjectId, "lost"), (lost.ObjectId, lost.State));
        Assert.NotEqual(first.ReportId, moved.DetectionReport.ReportId);
    }

    [Fact]
    public async Task A_track_whose_end_was_missed_ends_too()
    {
        Task show = _channel.ShowAsync(Sample.Picture(0, OperationStatus.Actual, [Sample.Track(1)]), Sample.Deadline());
        using Peer peer = await Registered();
        await peer.Next(SapientMessage.ContentOneofCase.DetectionReport);
        await show;
        _clock.Advance(TimeSpan.FromSeconds(11));
        await _channel.ShowAsync(Sample.Picture(11, OperationStatus.Actual, []), Sample.Deadline());
        Assert.Equal("lost", (await peer.Next(SapientMessage.ContentOneofCase.DetectionReport)).DetectionReport.State);
    }

    [Fact]
    public async Task After_a_loss_it_connects_again_and_says_everything_again()
    {
        Picture picture = Sample.Picture(0, OperationStatus.Actual, [Sample.Track(1)]);
        Task show = _channel.ShowAsync(picture, Sample.Deadline());
        using (Peer peer = await Registered())
        {
            await peer.Next(SapientMessage.ContentOneofCase.DetectionReport);
            await show;
        }
        // The loss shows in this call or the next; the runner tries again.
        Task<Peer> again = Registered();
        while (!again.IsCompleted)
        {
            try
            {
                await _channel.ShowAsync(picture, Sample.Deadline());
            }
            catch (IOException)
            {
                // As above.
            }
        }
        using Peer next = await again;
        await next.Next(SapientMessage.ContentOneofCase.DetectionReport);
    }

    [Fact]
    public async Task A_warning_is_an_alert_with_its_tracks_and_its_end_clears_it()
    {
        Task show = _channel.ShowAsync(Sample.Picture(0, OperationStatus.Actual, [Sample.Track(7)]), Sample.Deadline());
        using Peer peer = await Registered();
        await show;
        await _channel.SendAsync(Sample.Warning(tracks: [7, 8]), Sample.Deadline());
        Alert alert = (await peer.Next(SapientMessage.ContentOneofCase.Alert)).Alert;
        Assert.Equal("Incoming at Market. Take shelter now.", alert.Description);
        Assert.Equal((Alert.Types.AlertStatus.Active, Alert.Types.AlertType.Critical), (alert.Status, alert.AlertType));
        Assert.Equal(SapientReports.ObjectId("green-zone.20261123T2243Z.T7"), Assert.Single(alert.AssociatedDetection).ObjectId);
        await _channel.SendAsync(Sample.Warning(WarningAct.Over), Sample.Deadline());
        Alert over = (await peer.Next(SapientMessage.ContentOneofCase.Alert)).Alert;
        Assert.Equal((alert.AlertId, Alert.Types.AlertStatus.Clear), (over.AlertId, over.Status));
        await _channel.SendAsync(Sample.Warning(status: OperationStatus.Test), Sample.Deadline());
        Assert.StartsWith("TEST", (await peer.Next(SapientMessage.ContentOneofCase.Alert)).Alert.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AlertAck.Types.AlertAckStatus.Accepted, null)]
    [InlineData(AlertAck.Types.AlertAckStatus.Cancelled, null)]
    [InlineData(AlertAck.Types.AlertAckStatus.Rejected, "no such region")]
    [InlineData(AlertAck.Types.AlertAckStatus.Unspecified, "not acknowledged within 5 s")]
    public async Task An_alert_waits_for_its_own_acknowledgement(AlertAck.Types.AlertAckStatus answer, string? failure)
    {
        await using SapientOutChannel channel = Channel(alertAckS: 5);
        Task send = channel.SendAsync(Sample.Warning(), Sample.Deadline());
        using Peer peer = await Registered();
        string id = (await peer.Next(SapientMessage.ContentOneofCase.Alert)).Alert.AlertId;
        await peer.Send(new() { NodeId = "c2", AlertAck = new() { AlertId = "another", AlertAckStatus = AlertAck.Types.AlertAckStatus.Accepted } });
        Assert.False(send.IsCompleted);
        if (answer != AlertAck.Types.AlertAckStatus.Unspecified)
            await peer.Send(new() { NodeId = "c2", AlertAck = new() { AlertId = id, AlertAckStatus = answer, Reason = { "no such region" } } });
        while (failure is not null && !send.IsCompleted && answer == AlertAck.Types.AlertAckStatus.Unspecified)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        if (failure is null) await send;
        else Assert.Contains(failure, (await Assert.ThrowsAsync<IOException>(() => send)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_are_declined_and_rubbish_ends_the_connection_alone()
    {
        Task beat = _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        using (Peer peer = await Registered())
        {
            await beat;
            await peer.Send(new() { NodeId = "c2", Task = new() { TaskId = "01GGYFBAXGDG7AGAHRZ6XSNY12" } });
            TaskAck ack = (await peer.Next(SapientMessage.ContentOneofCase.TaskAck)).TaskAck;
            Assert.Equal(("01GGYFBAXGDG7AGAHRZ6XSNY12", TaskAck.Types.TaskStatus.Rejected), (ack.TaskId, ack.TaskStatus));
            await peer.SendOctets([0xFF, 0xFF, 0xFF, 0xFF]);
            while (await peer.Receive() is not null)
            {
                // Until this side has closed.
            }
        }
        Task second = _channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        using Peer again = await Registered();
        await second;
    }

    [Fact]
    public async Task It_says_goodbye()
    {
        SapientOutChannel channel = Channel(more: """, "nodeId": "3F2A9C1E-5B7D-4E8F-9A01-2C3D4E5F6A7B", "alerts": false""");
        await channel.SendAsync(Sample.Warning(), Sample.Deadline());
        Task beat = channel.BeatAsync(new(Sample.StartInstant, OperationStatus.Actual, []), Sample.Deadline());
        using Peer peer = await Registered();
        await beat;
        await channel.DisposeAsync();
        Assert.Equal(Sample.NodeId, (await peer.Next(SapientMessage.ContentOneofCase.StatusReport)).NodeId);
        Assert.Equal(StatusReport.Types.System.Goodbye, (await peer.Next(SapientMessage.ContentOneofCase.StatusReport)).StatusReport.System);
        Assert.Null(await peer.Receive());
    }

    [Theory]
    [InlineData("""{ "port": 5020 }""", "host")]
    [InlineData("""{ "host": "c2" }""", "port")]
    [InlineData("""{ "host": "c2", "port": 70000 }""", "port")]
    [InlineData("""{ "host": "c2", "port": 5020, "nodeId": "me" }""", "nodeId")]
    [InlineData("""{ "host": "c2", "port": 5020, "period": 1 }""", "period")]
    public void A_wrong_key_is_named(string json, string key)
    {
        List<ConfigProblem> problems = [];
        SapientOutChannel.Read(new(JsonDocument.Parse(json).RootElement, problems), Sample.Context(_clock));
        Assert.Contains(problems, p => p.ToString().Contains(key, StringComparison.Ordinal));
    }
}
