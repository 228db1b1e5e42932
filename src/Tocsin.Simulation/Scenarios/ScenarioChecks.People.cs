namespace Tocsin.Simulation.Scenarios;

internal sealed partial class ScenarioChecks
{
    private void CheckPeople(PeopleSettings people)
    {
        const string at = "$.people";
        Within(people.Samples, 1, ScenarioLimits.PeopleSamples, at + ".samples", "persons");
        if (people.UtcOffsetH is { } offset) Within(offset, -12, 14, at + ".utcOffsetH", "hours");
        for (int i = 0; i < people.ByHour.Count; i++)
        {
            PeopleHour hour = people.ByHour[i];
            string row = $"{at}.byHour[{i}]";
            Within(hour.FromHour, 0, 24, row + ".fromHour", "hours");
            Require(i == 0 || hour.FromHour > people.ByHour[i - 1].FromHour, row + ".fromHour", "does not rise; list the earliest hour first");
            Share(hour.Indoors, row + ".indoors");
            Share(hour.Outdoors, row + ".outdoors");
            Require(hour.Indoors + hour.Outdoors <= 1 + 1e-9, row, "has more than all people indoors and outdoors; the two may add up to 1");
        }
        Share(people.ChildShare, at + ".childShare");
        Share(people.OlderShare, at + ".olderShare");
        Require(people.ChildShare + people.OlderShare <= 1 + 1e-9, at + ".olderShare", "adds up with childShare to more than 1");
        Within(people.BurstAlarmsWithinM, 0, 20_000, at + ".burstAlarmsWithinM", "metres");
        Each(people.Obstacles, at + ".obstacles", (obstacle, place) => Require(obstacle.Polygon.Count >= 3, place + ".polygon", "needs three corners or more"));
        Within(people.Obstacles.Sum(o => (long)o.Polygon.Count), 0, ScenarioLimits.ObstacleCorners, at + ".obstacles", "corners in all");
        CheckChannels(people.Channels, at + ".channels");
        CheckSound(people.Sound, at + ".sound");
        CheckReaction(people.Reaction, at + ".reaction");
        CheckInjury(people.Injury, at + ".injury");
        Within(people.Fatigue.NeedlessBefore, 0, 1000, at + ".fatigue.needlessBefore", "alarms");
        Share(people.Fatigue.LossPerNeedless, at + ".fatigue.lossPerNeedless");
    }

    private void CheckChannels(PeopleChannels channels, string at)
    {
        Within(channels.SirenDelayS, 0, 600, at + ".sirenDelayS", "seconds");
        Share(channels.SpeakerShare, at + ".speakerShare");
        Within(channels.SpeakerDelayS, 0, 600, at + ".speakerDelayS", "seconds");
        Share(channels.PhoneShare, at + ".phoneShare");
        Within(channels.PhoneLeastS, 0, 600, at + ".phoneLeastS", "seconds");
        Within(channels.PhoneMedianS, channels.PhoneLeastS, 600, at + ".phoneMedianS", "seconds");
        Within(channels.PhoneSigma, 0, 3, at + ".phoneSigma", "");
        Share(channels.WatchShare, at + ".watchShare");
        Within(channels.WatchDelayS, 0, 600, at + ".watchDelayS", "seconds");
    }

    private void CheckSound(SirenSound sound, string at)
    {
        Within(sound.AbsorptionDbPerKm, 0, 200, at + ".absorptionDbPerKm", "dB/km");
        Within(sound.GroundLossDbPerDoubling, 0, 20, at + ".groundLossDbPerDoubling", "dB");
        Within(sound.OutdoorNoiseDb, 0, 120, at + ".outdoorNoiseDb", "dB");
        Within(sound.IndoorNoiseDb, 0, 120, at + ".indoorNoiseDb", "dB");
        Within(sound.VehicleNoiseDb, 0, 120, at + ".vehicleNoiseDb", "dB");
        Within(sound.MarginDb, -20, 40, at + ".marginDb", "dB");
        Within(sound.WallLossDb, 0, 80, at + ".wallLossDb", "dB");
        Within(sound.VehicleLossDb, 0, 80, at + ".vehicleLossDb", "dB");
        Within(sound.LossSigmaDb, 0, 30, at + ".lossSigmaDb", "dB");
        Within(sound.UpwindLossDbPerMps, 0, 20, at + ".upwindLossDbPerMps", "dB for each m/s");
        Within(sound.UpwindLossMaxDb, 0, 60, at + ".upwindLossMaxDb", "dB");
    }

    private void CheckReaction(PeopleReaction reaction, string at)
    {
        Share(reaction.ResponseShare, at + ".responseShare");
        Within(reaction.MedianS, 0, 600, at + ".medianS", "seconds");
        Within(reaction.Sigma, 0, 3, at + ".sigma", "");
        Within(reaction.DropS, 0, 60, at + ".dropS", "seconds");
        Within(reaction.AwayFromWindowsS, 0, 300, at + ".awayFromWindowsS", "seconds");
        Within(reaction.LeaveBuildingS, 0, 600, at + ".leaveBuildingS", "seconds");
        Within(reaction.StopVehicleS, 0, 600, at + ".stopVehicleS", "seconds");
        Within(reaction.AdultSpeedMps, 0.1, 10, at + ".adultSpeedMps", "m/s");
        Within(reaction.ChildSpeedMps, 0.1, 10, at + ".childSpeedMps", "m/s");
        Within(reaction.OlderSpeedMps, 0.1, 10, at + ".olderSpeedMps", "m/s");
        Within(reaction.OlderFactor, 0.5, 10, at + ".olderFactor", "times");
    }

    private void CheckInjury(PeopleInjury injury, string at)
    {
        Within(injury.RocketHazardDistanceM, 1, 1000, at + ".rocketHazardDistanceM", "metres");
        Within(injury.ArtilleryHazardDistanceM, 1, 1000, at + ".artilleryHazardDistanceM", "metres");
        Within(injury.MortarHazardDistanceM, 1, 1000, at + ".mortarHazardDistanceM", "metres");
        Within(injury.UprightAreaM2, 0, 2, at + ".uprightAreaM2", "m²");
        Within(injury.ProneAreaM2, 0, 2, at + ".proneAreaM2", "m²");
        Share(injury.RoomShare, at + ".roomShare");
        Share(injury.InnerWallShare, at + ".innerWallShare");
        Share(injury.ShelterShare, at + ".shelterShare");
        Share(injury.VehicleShare, at + ".vehicleShare");
        Within(injury.ThroughWallsM, 0, 50, at + ".throughWallsM", "metres");
        Share(injury.KilledShare, at + ".killedShare");
        Within(injury.CasualtyEnergyJ, 0, 10_000, at + ".casualtyEnergyJ", "joules");
        Within(injury.UprightFromAboveM2, 0, 2, at + ".uprightFromAboveM2", "m²");
        Within(injury.ProneFromAboveM2, 0, 2, at + ".proneFromAboveM2", "m²");
        Share(injury.RoofShare, at + ".roofShare");
        Share(injury.AdultHurtByActing, at + ".adultHurtByActing");
        Share(injury.ChildHurtByActing, at + ".childHurtByActing");
        Share(injury.OlderHurtByActing, at + ".olderHurtByActing");
        Share(injury.ActingKilledShare, at + ".actingKilledShare");
    }

    private void Share(double value, string at) => Within(value, 0, 1, at, "(a share)");
}
