using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.People;

/// <summary>What somebody is doing, and so what covers them.</summary>
internal enum PersonState
{
    /// <summary>In a room, as before.</summary>
    Indoors,
    /// <summary>Upright outdoors, as before.</summary>
    Outdoors,
    /// <summary>In a vehicle, as before.</summary>
    InVehicle,
    /// <summary>On the way to a shelter or back, upright outdoors.</summary>
    Running,
    /// <summary>Flat on the ground outdoors.</summary>
    Prone,
    /// <summary>Flat on a room's floor.</summary>
    ProneIndoors,
    /// <summary>At an inner wall, away from windows.</summary>
    InnerWall,
    /// <summary>In a shelter.</summary>
    InShelter,
}

/// <summary>One time in which somebody hears an alarm, and what they make of it.</summary>
/// <param name="HearS">When it reaches them, in seconds from the scenario's start.</param>
/// <param name="EndS">Until when it stands.</param>
/// <param name="Runs">Whether they run to their shelter; else they take cover where they are.</param>
/// <param name="ActS">When they begin to act.</param>
/// <param name="DoneS">When they are under cover.</param>
/// <param name="Cover">What covers them then.</param>
internal readonly record struct Episode(double HearS, double EndS, bool Runs, double ActS, double DoneS, PersonState Cover);

/// <summary>What one person does over a run: continuous, so that nobody is ever in two places or leaps from one to the other.</summary>
internal sealed class Timeline(PeopleGround ground)
{
    /// <summary>How long people stay under the cover that a burst drove them to, in seconds: ten minutes, as Israel's Home Front Command tells people to stay sheltered.</summary>
    public const double BurstCoverS = 600;

    /// <summary>Speed of sound in m/s, at 20 °C.</summary>
    public const double SoundMps = 343;

    private readonly List<Alarm> _heard = [];
    private readonly List<Episode> _episodes = [];
    private Person _person;
    private double _burstDoneS;
    private double _leaveS, _homeS;
    private PersonState _burstCover;

    /// <summary>The times in which an alarm reaches the person, in order and apart.</summary>
    public IReadOnlyList<Episode> Episodes => _episodes;

    /// <summary>Follows one person.</summary>
    /// <param name="person">Who.</param>
    /// <param name="burstHeardS">When the first burst near enough to drive them under cover is heard; infinite for none.</param>
    public void Follow(in Person person, double burstHeardS)
    {
        _person = person;
        PeopleReaction reaction = ground.Settings.Reaction;
        double slower = Slower;
        _leaveS = person.At == Whereabouts.Indoors ? reaction.LeaveBuildingS * slower : 0;
        _burstCover = person.At == Whereabouts.Indoors ? PersonState.InnerWall : PersonState.Prone;
        _burstDoneS = burstHeardS + person.ReactionS + CoverS(_burstCover);
        _episodes.Clear();
    }

    /// <summary>Lets the alarms of one way of warning reach the person.</summary>
    /// <param name="plan">What sounds when.</param>
    /// <param name="audible">Which sirens the person hears.</param>
    public void Warn(AlarmPlan plan, ReadOnlySpan<bool> audible)
    {
        _heard.Clear();
        _episodes.Clear();
        _homeS = double.NegativeInfinity;
        for (int s = 0; s < audible.Length; s++)
        {
            if (!audible[s] || plan.Sirens[s].Length == 0) continue;
            double east = _person.EastM - ground.Sirens[s].EastM, north = _person.NorthM - ground.Sirens[s].NorthM;
            double travelS = Math.Sqrt(east * east + north * north) / SoundMps;
            foreach (Alarm alarm in plan.Sirens[s]) Hear(alarm, travelS);
        }
        if (double.IsFinite(_person.MessageDelayS))
            foreach (Alarm alarm in plan.Zones[_person.Zone]) Hear(alarm, _person.MessageDelayS);
        if (_heard.Count == 0) return;
        _heard.Sort((a, b) => a.StartS != b.StartS ? a.StartS.CompareTo(b.StartS) : a.ImpactS.CompareTo(b.ImpactS));
        Alarm current = _heard[0];
        for (int i = 1; i < _heard.Count; i++)
        {
            if (_heard[i].StartS > current.EndS)
            {
                Act(current);
                current = _heard[i];
            }
            else
            {
                current = current with { EndS = Math.Max(current.EndS, _heard[i].EndS) };
            }
        }
        Act(current);
    }

    /// <summary>What the person is doing at a time, and where.</summary>
    /// <param name="timeS">Seconds from the scenario's start.</param>
    /// <param name="eastM">Where, metres in the site's frame.</param>
    /// <param name="northM">The same to the north.</param>
    public PersonState At(double timeS, out double eastM, out double northM)
    {
        (eastM, northM) = (_person.EastM, _person.NorthM);
        PersonState best = AsBefore;
        foreach (Episode e in _episodes)
        {
            if (timeS < e.ActS) break;
            if (!e.Runs)
            {
                if (timeS >= e.DoneS && timeS < e.EndS) best = e.Cover;
                continue;
            }
            // The way back takes as long as the way out, without leaving the building.
            double runS = e.DoneS - e.ActS - _leaveS, backS = Math.Max(e.EndS, e.DoneS);
            if (timeS < e.ActS + _leaveS || timeS >= backS + runS) continue;
            double share = timeS < e.DoneS ? (timeS - e.ActS - _leaveS) / runS : timeS < backS ? 1 : 1 - (timeS - backS) / runS;
            WaysTo shelter = ground.Shelters[_person.Shelter];
            if (share == 1)
            {
                (eastM, northM) = (shelter.EastM, shelter.NorthM);
                return PersonState.InShelter;
            }
            eastM += share * (shelter.EastM - eastM);
            northM += share * (shelter.NorthM - northM);
            return PersonState.Running;
        }
        return best == AsBefore && timeS >= _burstDoneS && timeS < _burstDoneS + BurstCoverS ? _burstCover : best;
    }

    /// <summary>Whether the state is one that an alarm or a burst makes people seek.</summary>
    public static bool IsCover(PersonState state) => state is PersonState.Prone or PersonState.ProneIndoors or PersonState.InnerWall or PersonState.InShelter;

    private PersonState AsBefore => _person.At switch
    {
        Whereabouts.Indoors => PersonState.Indoors,
        Whereabouts.Outdoors => PersonState.Outdoors,
        _ => PersonState.InVehicle,
    };

    private double Slower => _person.Age == AgeGroup.Older ? ground.Settings.Reaction.OlderFactor : 1;

    private void Hear(in Alarm alarm, double delayS)
    {
        if (alarm.StartS + delayS < alarm.EndS) _heard.Add(alarm with { StartS = alarm.StartS + delayS });
    }

    // People run to the shelter when they are told to, have a place there, and would be there before the impact that the warning expects; else they take cover where they are.
    private void Act(in Alarm heard)
    {
        double act = Math.Max(heard.StartS + _person.ReactionS, _homeS);
        if (heard.Advice == Advice.Shelter && _person.Shelter >= 0)
        {
            double done = act + _leaveS + _person.WayM / ShelterPlan.SpeedMps(ground.Settings.Reaction, _person.Age);
            if (done <= heard.ImpactS && act < heard.EndS)
            {
                _episodes.Add(new(heard.StartS, heard.EndS, true, act, done, PersonState.InShelter));
                // An alarm on the way back is acted on at home: nobody leaps.
                _homeS = Math.Max(heard.EndS, done) + (done - act - _leaveS);
                return;
            }
        }
        PersonState cover = _person.At != Whereabouts.Indoors ? PersonState.Prone : heard.Advice == Advice.Drop ? PersonState.ProneIndoors : PersonState.InnerWall;
        _episodes.Add(new(heard.StartS, heard.EndS, false, act, act + CoverS(cover), cover));
    }

    private double CoverS(PersonState cover) => Slower * (cover == PersonState.InnerWall ? ground.Settings.Reaction.AwayFromWindowsS : ground.Settings.Reaction.DropS);
}
