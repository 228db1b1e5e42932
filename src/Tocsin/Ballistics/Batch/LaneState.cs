using Tocsin.Numerics;

namespace Tocsin.Ballistics.Batch;

/// <summary>Rounds in flight, one a lane, and the step they are in.</summary>
/// <remarks>Plain memory without references, so that it can lie where the processor's lines begin.</remarks>
internal struct LaneState<TLanes> where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>State at the start of the step: metres and m/s in the batch's frame, seconds since the launch, metres above the ellipsoid.</summary>
    public TLanes X, Y, Z, Vx, Vy, Vz, Time, Height;

    /// <summary>Length of the step, and when the motor's phase or the longest flight ends.</summary>
    public TLanes Step, End;

    /// <summary>-1 over the ballistic coefficient; thrust over mass while the motor burns.</summary>
    public TLanes NegativeInverseBeta, Thrust;

    /// <summary>Accelerations of the step's stages.</summary>
    public TLanes A1X, A1Y, A1Z, A2X, A2Y, A2Z, A3X, A3Y, A3Z, A4X, A4Y, A4Z, A5X, A5Y, A5Z, A6X, A6Y, A6Z, A7X, A7Y, A7Z;

    /// <summary>State at the end of the step, and the square of its error in units of the tolerance.</summary>
    public TLanes EndX, EndY, EndZ, EndVx, EndVy, EndVz, EndHeight, Error2;

    /// <summary>The air that each lane is in.</summary>
    public AirPiece<TLanes> Air;

    /// <summary>The part of the drag curve that each lane is in.</summary>
    public DragPiece<TLanes> Drag;

    /// <summary>The part of the wind profile that each lane is in.</summary>
    public WindPiece<TLanes> Wind;
}

/// <summary>A piece of the air in every lane, as <see cref="Pieces.Air"/> has it.</summary>
internal struct AirPiece<TLanes>
{
    public TLanes Low, High, Centre, InverseHalf, D0, D1, D2, D3, D4, D5, D6, S0, S1, S2, S3, S4, S5;
}

/// <summary>A piece of a drag curve in every lane.</summary>
internal struct DragPiece<TLanes>
{
    public TLanes Low, High, Start, C0, C1, C2, C3;
}

/// <summary>A piece of a wind profile in every lane.</summary>
internal struct WindPiece<TLanes>
{
    public TLanes Low, High, Start, East0, East1, North0, North1;
}
