using System.Net.Sockets;
using System.Runtime.Intrinsics;

#pragma warning disable MA0048, CA2211, CA1852, CA1812, MA0069 // Deliberately bad: what the house rules must be able to see.

namespace Tocsin.Tests.HouseRules.Sample.Tracking
{
    internal sealed class Filter
    {
        public double Gain { get; } = new Sample.Plot().RangeM + new Geodesy.Frame().OriginM;
    }
}

namespace Tocsin.Tests.HouseRules.Sample.Geodesy
{
    internal sealed class Frame
    {
        public double OriginM { get; } = 1;
    }

    internal static class UsesTracking
    {
        public static double Gain() => new Tracking.Filter().Gain;
    }

    internal static class HoldsTracking
    {
        public static List<Tracking.Filter[]>? Held(int count) => count > 0 ? null : [];
    }
}

namespace Tocsin.Tests.HouseRules.Sample.Warnings
{
    internal static class UsesSiteInLambda
    {
        public static Func<int, object> Make(int seed) => i => i > seed ? new Site() : "";
    }
}

namespace Tocsin.Tests.HouseRules.Sample
{
    internal sealed class Site;

    internal sealed class Plot
    {
        public double RangeM { get; } = 1;
    }

    internal static class Impure
    {
        public static int Counter;

        public static double Everything(string path, Socket socket)
        {
            Counter += File.ReadAllText(path).Length + socket.Available + new Random(1).Next();
            Task.Run(() => Counter++).Wait();
            return Math.Sin(DateTime.UtcNow.Ticks) + Vector256.Cos(Vector256<double>.One)[0];
        }
    }

    /// <summary>A type with a documented and an undocumented half, for the rule on documentation.</summary>
    public sealed class HalfDocumented
    {
        /// <summary>Documented.</summary>
        public int Documented { get; set; }
        public int Bare { get; set; }
        /// <summary>One of two overloads.</summary>
        public int Overloaded(int a) => a + Documented;
        public int Overloaded(long a) => (int)a + Documented;
        /// <summary> </summary>
        public int Blank() => Bare;
    }
}
