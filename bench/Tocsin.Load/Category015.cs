using System.Buffers.Binary;

namespace Tocsin.Load;

/// <summary>Writes ASTERIX category 015 data blocks (EUROCONTROL ASTERIX part 29, edition 1.2): measurement plots with range, azimuth and elevation.</summary>
internal sealed class Category015
{
    /// <summary>Steps of I015/145 in a second.</summary>
    public const int StepsPerS = 128;

    private const int HeaderOctets = 3, RecordOctets = 21, MostOctets = 1_400;
    private const double RangeStepM = 0.1, AngleStepsPerTurn = 65_536;
    private readonly byte[] _block = new byte[MostOctets];

    /// <summary>Octets of the block so far.</summary>
    public int Length { get; private set; } = HeaderOctets;

    /// <summary>Whether another plot fits.</summary>
    public bool HasRoom => Length + RecordOctets <= MostOctets;

    /// <summary>Plots in the block.</summary>
    public int Plots => (Length - HeaderOctets) / RecordOctets;

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = HeaderOctets;

    /// <summary>Adds a plot.</summary>
    /// <param name="sic">System identification code; the area code is <see cref="LoadSite.Sac"/>.</param>
    /// <param name="timeOfDay">Steps of 1/128 s since midnight UTC.</param>
    /// <param name="rangeM">Range in metres.</param>
    /// <param name="azimuthRad">Clockwise from true north.</param>
    /// <param name="elevationRad">Above the local horizontal.</param>
    public void Add(byte sic, int timeOfDay, double rangeM, double azimuthRad, double elevationRad)
    {
        Span<byte> r = _block.AsSpan(Length, RecordOctets);
        // FSPEC: 010, 000, 020, 145 | none | 625 | 627, 628.
        (r[0], r[1], r[2], r[3]) = (0xD5, 0x01, 0x05, 0xC0);
        (r[4], r[5]) = (LoadSite.Sac, sic);
        // I015/000: measurement plot, periodic. I015/020: mono-static, actual target.
        (r[6], r[7]) = (1 << 1, 0);
        Put24(r[8..], timeOfDay);
        r[11] = 0x80;
        Put24(r[12..], (int)Math.Round(rangeM / RangeStepM));
        r[15] = 0x80;
        BinaryPrimitives.WriteUInt16BigEndian(r[16..], (ushort)((int)Math.Round(azimuthRad / (2 * Math.PI) * AngleStepsPerTurn) & 0xFFFF));
        r[18] = 0x80;
        // The elevation's step is half of the azimuth's: 180 degrees by 65,536.
        BinaryPrimitives.WriteInt16BigEndian(r[19..], (short)Math.Round(elevationRad / Math.PI * AngleStepsPerTurn));
        Length += RecordOctets;
    }

    /// <summary>The whole block.</summary>
    public ReadOnlySpan<byte> End()
    {
        _block[0] = 15;
        BinaryPrimitives.WriteUInt16BigEndian(_block.AsSpan(1), (ushort)Length);
        return _block.AsSpan(0, Length);
    }

    private static void Put24(Span<byte> at, int value) => (at[0], at[1], at[2]) = ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
}
