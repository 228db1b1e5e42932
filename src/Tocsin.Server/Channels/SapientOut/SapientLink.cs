using System.Net.Sockets;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Task = System.Threading.Tasks.Task;

namespace Tocsin.Server.Channels.SapientOut;

/// <summary>One connection to another system: writes messages, reads its answers, and ends for good with the first fault.</summary>
internal sealed class SapientLink : IAsyncDisposable
{
    private const int ReadOctets = 1 << 14;
    private readonly TcpClient _client;
    private readonly Func<SapientMessage, SapientMessage?> _answer;
    private readonly SemaphoreSlim _write = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RegistrationAck> _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Task _reading;
    private string? _end;
    private (string Id, TaskCompletionSource<AlertAck> Ack)? _expected;

    private SapientLink(TcpClient client, Func<SapientMessage, SapientMessage?> answer)
    {
        (_client, _answer) = (client, answer);
        // Nobody need wait for these; a fault that nobody saw is no fault of the program.
        _ = _registered.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _reading = ReadAsync();
    }

    /// <summary>Whether it has not ended.</summary>
    public bool IsAlive
    {
        get
        {
            lock (_gate) return _end is null;
        }
    }

    /// <summary>The other side's answer to the registration.</summary>
    public Task<RegistrationAck> Registered => _registered.Task;

    /// <summary>Connects.</summary>
    /// <param name="host">The other side.</param>
    /// <param name="port">Its port.</param>
    /// <param name="answer">Makes the answer to a message that is no acknowledgement; null for none.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">There is no connection to be had.</exception>
    public static async Task<SapientLink> ConnectAsync(string host, int port, Func<SapientMessage, SapientMessage?> answer, CancellationToken stop)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, stop);
            return new(client, answer);
        }
        catch (SocketException e)
        {
            client.Dispose();
            throw new IOException($"cannot connect to {host}:{port}: {e.Message}", e);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the acknowledgement of one alert from now on; any other that was waited for is given up.</summary>
    public Task<AlertAck> Expect(string alertId)
    {
        var ack = new TaskCompletionSource<AlertAck>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_end is not null) return Task.FromException<AlertAck>(new IOException(_end));
            _expected = (alertId, ack);
        }
        _ = ack.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return ack.Task;
    }

    /// <summary>Writes whole messages with their lengths.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public async Task WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken stop)
    {
        await _write.WaitAsync(stop);
        try
        {
            lock (_gate)
                if (_end is not null) throw new IOException(_end);
            await _client.GetStream().WriteAsync(frames, stop);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            End($"the connection was lost: {e.Message}");
            throw new IOException($"the connection was lost: {e.Message}", e);
        }
        finally
        {
            _write.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End("the connection was closed");
        await _reading;
    }

    private async Task ReadAsync()
    {
        var reader = new SapientReader();
        byte[] buffer = new byte[ReadOctets];
        string end = "the other system closed the connection";
        try
        {
            NetworkStream network = _client.GetStream();
            while (true)
            {
                int octets = await network.ReadAsync(buffer, _stop.Token);
                if (octets == 0) break;
                reader.Add(buffer.AsSpan(0, octets));
                if (await TakeAsync(reader) is not { } lost) continue;
                end = lost;
                break;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            end = $"the connection was lost: {e.Message}";
        }
        End(end);
    }

    private async Task<string?> TakeAsync(SapientReader reader)
    {
        while (true)
        {
            switch (reader.Next(out SapientMessage? message, out string reason))
            {
                case SapientRead.Incomplete:
                    return null;
                case SapientRead.Lost:
                    return reason;
                case SapientRead.Message when message is not null:
                    if (!Acknowledges(message) && _answer(message) is { } answer) await WriteAsync(SapientReader.Frame(answer), _stop.Token);
                    break;
            }
        }
    }

    private bool Acknowledges(SapientMessage message)
    {
        switch (message.ContentCase)
        {
            case SapientMessage.ContentOneofCase.RegistrationAck:
                _registered.TrySetResult(message.RegistrationAck);
                return true;
            case SapientMessage.ContentOneofCase.AlertAck:
                lock (_gate)
                {
                    if (_expected is { } e && e.Id == message.AlertAck.AlertId) e.Ack.TrySetResult(message.AlertAck);
                }
                return true;
            default:
                return false;
        }
    }

    private void End(string why)
    {
        TaskCompletionSource<AlertAck>? waiting;
        lock (_gate)
        {
            if (_end is not null) return;
            _end = why;
            waiting = _expected?.Ack;
        }
        _registered.TrySetException(new IOException(why));
        waiting?.TrySetException(new IOException(why));
        _stop.Cancel();
        _client.Dispose();
    }
}
