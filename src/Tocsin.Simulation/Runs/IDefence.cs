namespace Tocsin.Simulation.Runs;

/// <summary>What acts on a raid while it flies: it hears what the Site says, is moved on in time, and may end rounds in the air.</summary>
internal interface IDefence : ISiteOutput
{
    /// <summary>Does everything up to a time; calls come with times that never decrease, and what the Site said came before the time given.</summary>
    void Advance(Instant now, RaidInMotion raid);

    /// <summary>No plot will come any more: does what is still under way to its end.</summary>
    void Finish(RaidInMotion raid);
}
