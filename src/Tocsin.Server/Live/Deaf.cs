using Tocsin.Server.Channels;

namespace Tocsin.Server.Live;

/// <summary>Hears what a Site and its channels say that others keep, and keeps nothing of it.</summary>
internal sealed class Deaf : ILiveLedger, IChannelLog
{
    public void IncidentOpened(string incident, Instant time, string recording, long line)
    {
    }

    public void IncidentClosed(string incident, Instant time, int rounds, long line)
    {
    }

    public void Said(WarningMessage message, string incident)
    {
    }

    public void ZonesWarned(Instant now, IReadOnlyCollection<WarningMessage> open)
    {
    }

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
    {
    }

    public void Broken(Instant now, Exception why)
    {
    }

    public void Sent(string channel, WarningMessage m, double delayS)
    {
    }

    public void Failed(string channel, WarningMessage m, string reason)
    {
    }

    public void StateChanged(ChannelState s)
    {
    }

    public void Told(string channel, string what)
    {
    }
}
