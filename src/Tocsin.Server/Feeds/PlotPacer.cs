using System.Globalization;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>Gives the plots of a file or of standard input to the desk when the Site's clock reaches their times, moved to now where they lie in the past.</summary>
/// <remarks>
/// A Site lives now: plots of years ago would all be too late for it. So where the first plot is more than <see cref="FeedLimits.LiveS"/> from the Site's
/// clock, all times are moved by the same amount, so that the first plot is of now. The first is believed when the second is of about its time. A gap
/// or a step back of more than that in a moved file is passed over when two plots agree on it; one plot alone with such a time is rejected.
/// A Site whose status is actual is never fed with times that were moved: a replay would alarm people.
/// It waits on the feed's own thread.
/// </remarks>
internal sealed class PlotPacer(FeedSettings settings, IFeedSink sink, SiteClock siteClock, TimeProvider clock, bool mayShift, CancellationToken stop) : IPlotSink
{
    private const double UnpacedShare = 0.9;
    private const int UnpacedLot = 256;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(1);
    private readonly long _began = clock.GetTimestamp();
    private Plot? _held;
    private Instant _last = Instant.MinValue;
    private long _shiftTicks, _given, _old;
    private double _lotDueS;
    private bool _decided, _shifting;

    /// <summary>Takes a plot, and returns when it was given on.</summary>
    /// <exception cref="OperationCanceledException">The feed was stopped.</exception>
    /// <exception cref="InvalidDataException">The plots are of the past and the site is real.</exception>
    public void Feed(in Plot plot)
    {
        stop.ThrowIfCancellationRequested();
        if (!_decided) Decide(plot);
        if (!_shifting)
        {
            Give(plot);
            return;
        }
        if (_held is { } held)
        {
            _held = null;
            if (Near(plot.Time, held.Time))
            {
                Anchor(held.Time);
                Give(held);
            }
            else if (_last != Instant.MinValue && Near(plot.Time, _last)) Refuse(held);
            else
            {
                // Nothing agrees with anything yet: the newer one is tried next.
                Refuse(held);
                _held = plot;
                return;
            }
        }
        else if (_last == Instant.MinValue || !Near(plot.Time, _last))
        {
            _held = plot;
            return;
        }
        Give(plot);
    }

    /// <inheritdoc/>
    public void Reject(in Rejection rejection) => sink.Reject(rejection);

    /// <summary>Gives on what waits for a plot to agree with it: the input has ended.</summary>
    public void End()
    {
        if (_held is { } held)
        {
            _held = null;
            if (_last != Instant.MinValue) Refuse(held);
            else
            {
                Anchor(held.Time);
                Give(held);
            }
        }
        TellOld();
    }

    private static bool Near(Instant a, Instant b) => Math.Abs(a.SecondsSince(b)) <= FeedLimits.LiveS;

    private void Decide(in Plot plot)
    {
        _decided = true;
        bool far = !Near(plot.Time, siteClock.Now);
        bool wanted = settings.Shift == TimeShift.Now || (settings.Shift == TimeShift.Auto && far && !settings.Follow);
        if (wanted && !mayShift)
        {
            throw new InvalidDataException($"its first plot is of {plot.Time}, and a real site is never fed with the past as if it were now: "
                + "run the site as an exercise or a test, or give plots of now");
        }
        _shifting = wanted;
    }

    private void Anchor(Instant time)
    {
        long shift = siteClock.Now.Ticks - time.Ticks;
        double seconds = (double)(shift - _shiftTicks) / Instant.TicksPerSecond;
        sink.Tell(_last == Instant.MinValue
            ? string.Create(CultureInfo.InvariantCulture, $"its first plot is of {time}: all its times are moved by {seconds:+0.000;-0.000} s, so that it begins now")
            : string.Create(CultureInfo.InvariantCulture, $"its times go on at {time}: the gap before is passed over"));
        _shiftTicks = shift;
        _last = time;
    }

    private void Give(in Plot plot)
    {
        if (plot.Time > _last) _last = plot.Time;
        Instant time = new(plot.Time.Ticks + _shiftTicks);
        if (settings.AtOnce) Throttle();
        else
        {
            double ahead = time.SecondsSince(siteClock.Now);
            if (settings.Follow && !_shifting && ahead < -FeedLimits.LiveS)
            {
                // What a file that is followed held long before: history.
                _old++;
                return;
            }
            TellOld();
            // A time far ahead of the clock is given at once: the Site judges it, and one bad plot does not stop the others.
            while (ahead is > 0 and <= FeedLimits.LiveS * 2)
            {
                TimeSpan wait = TimeSpan.FromSeconds(Math.Max(0.001, ahead / siteClock.Speed));
                FeedThread.Wait(wait < s_longestWait ? wait : s_longestWait, clock, stop);
                ahead = time.SecondsSince(siteClock.Now);
            }
        }
        _given++;
        sink.Take(plot with { Time = time }, WallClock.InstantOf(clock.GetUtcNow()));
    }

    /// <summary>Keeps an input that is read as fast as it goes just below the rate at which the desk would refuse it.</summary>
    private void Throttle()
    {
        if (_given % UnpacedLot != 0) return;
        // Time that was lost is not made up for: a burst after a stall would be refused as a flood.
        double now = clock.GetElapsedTime(_began).TotalSeconds;
        _lotDueS = Math.Max(_lotDueS, now - UnpacedLot / (settings.MaxPlotsPerS * UnpacedShare)) + UnpacedLot / (settings.MaxPlotsPerS * UnpacedShare);
        if (_lotDueS > now) FeedThread.Wait(TimeSpan.FromSeconds(_lotDueS - now), clock, stop);
    }

    private void Refuse(in Plot plot) =>
        sink.Reject(new(settings.Name, $"a time of {plot.Time}, far from those before and after it: check the sensor's clock", 1, FromFeed: true));

    private void TellOld()
    {
        if (_old == 0) return;
        sink.Tell($"{_old} plots older than {FeedLimits.LiveS:0} s were passed over");
        _old = 0;
    }
}
