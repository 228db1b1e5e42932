namespace Tocsin.Simulation.Scenarios;

/// <summary>The checks of a defence.</summary>
internal sealed partial class ScenarioChecks
{
    private void CheckDefence(DefenceSettings d, Scenario s)
    {
        const string at = "$.defence";
        Within(d.SalvoSize, 1, 16, at + ".salvoSize", "at once");
        Within(d.ReactionS, 0, 60, at + ".reactionS", "seconds");
        Within(d.LookS, 0, 30, at + ".lookS", "seconds");
        Within(d.ThreatProbability, 0.001, 1, at + ".threatProbability", "(a probability)");
        Within(d.HarmRatio, 0, 1_000, at + ".harmRatio", "times");
        Within(d.AircraftMarginDeg, 0, 90, at + ".aircraftMarginDeg", "degrees");
        Require(d.Guns.Count + d.Interceptors.Count > 0, at, "has neither guns nor interceptors; add one, or leave the defence out");
        Within(d.Guns.Count + d.Interceptors.Count, 0, ScenarioLimits.Effectors, at, "effectors");
        Within(d.Assets.Count, 0, ScenarioLimits.Assets, at + ".assets", "assets");
        Each(d.Assets, at + ".assets", CheckAsset);
        Each(d.Guns, at + ".guns", CheckGun);
        Each(d.Interceptors, at + ".interceptors", CheckInterceptor);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        Each(s.Salvos, "$.salvos", (v, _) => ids.Add(v.Id));
        Each(d.Guns, at + ".guns", (g, place) => Unique(ids, g.Id, place));
        Each(d.Interceptors, at + ".interceptors", (i, place) => Unique(ids, i.Id, place));
        Each(d.Assets, at + ".assets", (a, place) => Unique(ids, a.Id, place));
    }

    private void CheckAsset(AssetSettings asset, string at)
    {
        Id(asset.Id, at);
        Within(asset.RadiusM, 0, 5_000, at + ".radiusM", "metres");
        Within(asset.Worth, 0, 1_000_000, at + ".worth", "people");
    }

    private void CheckGun(GunSettings gun, string at)
    {
        Id(gun.Id, at);
        Within(gun.HeightAboveGroundM, 0, 300, at + ".heightAboveGroundM", "metres");
        Within(gun.PointingDeg, 0, 360, at + ".pointingDeg", "degrees");
        Within(gun.SlewRateDegPerS, 1, 500, at + ".slewRateDegPerS", "degrees a second");
        Within(gun.SettleS, 0, 5, at + ".settleS", "seconds");
        Within(gun.BurstRounds, 1, 1_000, at + ".burstRounds", "shells");
        Within(gun.ShellsPerS, 1, 200, at + ".shellsPerS", "a second");
        Within(gun.MuzzleVelocityMps, 200, 1_800, at + ".muzzleVelocityMps", "m/s");
        Within(gun.MuzzleVelocitySigmaMps, 0, 50, at + ".muzzleVelocitySigmaMps", "m/s");
        Within(gun.DispersionMrad, 0, 50, at + ".dispersionMrad", "milliradians");
        Within(gun.AimSigmaMrad, 0, 50, at + ".aimSigmaMrad", "milliradians");
        Within(gun.BallisticCoefficientKgPerM2, 100, 50_000, at + ".ballisticCoefficientKgPerM2", "kg/m2");
        Within(gun.ShellMassKg, 0.01, 50, at + ".shellMassKg", "kilograms");
        Within(gun.SelfDestructS, 0.2, 30, at + ".selfDestructS", "seconds");
        Within(gun.BlindProbability, 0, 1, at + ".blindProbability", "(a probability)");
        Within(gun.Fragments, 1, 2_000, at + ".fragments", "fragments");
        Within(gun.FragmentMassKg, 0.0001, 1, at + ".fragmentMassKg", "kilograms");
        Within(gun.ConeHalfAngleDeg, 0.5, 60, at + ".coneHalfAngleDeg", "degrees");
        Within(gun.BurstAheadM, 1, 200, at + ".burstAheadM", "metres");
        Within(gun.FuzeSigmaS, 0, 0.1, at + ".fuzeSigmaS", "seconds");
        Within(gun.LethalFragments, 1, 100, at + ".lethalFragments", "fragments");
        Within(gun.MinRangeM, 0, 5_000, at + ".minRangeM", "metres");
        Within(gun.MagazineRounds, 1, 100_000, at + ".magazineRounds", "shells");
        Within(gun.Magazines, 1, 100, at + ".magazines", "magazines");
        Within(gun.ReloadS, 0, 3_600, at + ".reloadS", "seconds");
        Within(gun.MinElevationDeg, -20, 89, at + ".minElevationDeg", "degrees");
        Require(gun.BurstRounds <= gun.MagazineRounds, at + ".burstRounds", "is more than magazineRounds; lower it");
        CheckSight(gun.NoFireSectors, gun.Masks, at);
    }

    private void CheckInterceptor(InterceptorSettings launcher, string at)
    {
        Id(launcher.Id, at);
        Within(launcher.HeightAboveGroundM, 0, 300, at + ".heightAboveGroundM", "metres");
        Within(launcher.Stock, 0, 1_000, at + ".stock", "interceptors");
        Within(launcher.ReactionS, 0, 60, at + ".reactionS", "seconds");
        Within(launcher.LaunchIntervalS, 0, 60, at + ".launchIntervalS", "seconds");
        Within(launcher.SingleShotProbability, 0, 1, at + ".singleShotProbability", "(a probability)");
        Within(launcher.MinRangeM, 0, 50_000, at + ".minRangeM", "metres");
        Within(launcher.MassKg, 0.1, 1_000, at + ".massKg", "kilograms");
        Within(launcher.MinElevationDeg, -20, 89, at + ".minElevationDeg", "degrees");
        Require(launcher.FlyOut.Count > 0, at + ".flyOut", "is empty; give at least one point");
        for (int i = 0; i < launcher.FlyOut.Count; i++)
        {
            FlyOutPoint point = launcher.FlyOut[i];
            string place = $"{at}.flyOut[{i}]";
            Within(point.TimeS, 0.01, 300, place + ".timeS", "seconds");
            Within(point.DistanceM, 1, 100_000, place + ".distanceM", "metres");
            Require(i == 0 || (point.TimeS > launcher.FlyOut[i - 1].TimeS && point.DistanceM > launcher.FlyOut[i - 1].DistanceM), place, "does not rise; list the nearest first");
        }
        CheckSight(launcher.NoFireSectors, launcher.Masks, at);
    }

    private void CheckSight(IReadOnlyList<Sector> sectors, IReadOnlyList<MaskAngle> masks, string at)
    {
        Each(sectors, at + ".noFireSectors", CheckSector);
        for (int i = 0; i < masks.Count; i++)
        {
            string place = $"{at}.masks[{i}]";
            Within(masks[i].AzimuthDeg, 0, 360, place + ".azimuthDeg", "degrees");
            Within(masks[i].ElevationDeg, -10, 89, place + ".elevationDeg", "degrees");
            Require(i == 0 || masks[i].AzimuthDeg > masks[i - 1].AzimuthDeg, place + ".azimuthDeg", "does not rise; list the masks by azimuth");
        }
    }
}
