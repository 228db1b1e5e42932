namespace Tocsin;

/// <summary>One defended place at work: plots in, tracks, impact predictions and warnings out.</summary>
/// <remarks>A synchronous state machine without a clock: whoever drives it owns the time. Not safe for use by two threads at once.
/// The same plots in the same order give the same output, bit for bit.</remarks>
public sealed class Site
{
    /// <summary>Makes a Site that has seen nothing yet.</summary>
    /// <param name="definition">The place.</param>
    /// <param name="status">What its input is, and so what its output is marked as.</param>
    public Site(SiteDefinition definition, OperationStatus status)
    {
        Definition = definition;
        Status = status;
    }

    /// <summary>The place.</summary>
    public SiteDefinition Definition { get; }

    /// <summary>What its output is marked as.</summary>
    public OperationStatus Status { get; }

    /// <summary>The Site's clock: the latest time it was advanced to.</summary>
    public Instant Now { get; private set; } = Instant.MinValue;

    /// <summary>Whether nothing is left to wait for: no plot held, no track, no open warning.</summary>
    public bool IsIdle => true;

    /// <summary>Stores a plot in the reorder buffer; nothing else happens until <see cref="Advance"/>.</summary>
    public void Accept(in Plot plot)
    {
    }

    /// <summary>Does everything up to <paramref name="now"/> less the reorder buffer's hold.</summary>
    public void Advance(Instant now, ISiteOutput output)
    {
        if (now > Now) Now = now;
    }
}
