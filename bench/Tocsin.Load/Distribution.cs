using System.Text;

namespace Tocsin.Load;

/// <summary>A distribution of times in seconds, kept whole. Any thread may add.</summary>
internal sealed class Distribution
{
    private readonly List<double> _values = [];

    public int Count
    {
        get
        {
            lock (_values) return _values.Count;
        }
    }

    public void Add(double seconds)
    {
        lock (_values) _values.Add(seconds);
    }

    public void Clear()
    {
        lock (_values) _values.Clear();
    }

    /// <summary>The least value that the given share of all does not exceed.</summary>
    public double Quantile(double share)
    {
        lock (_values)
        {
            if (_values.Count == 0) return double.NaN;
            double[] sorted = [.. _values.Order()];
            return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
        }
    }

    public double Mean
    {
        get
        {
            lock (_values) return _values.Count == 0 ? double.NaN : _values.Average();
        }
    }

    /// <summary>One line, in milliseconds.</summary>
    public string Line()
    {
        string[] names = ["p50", "p90", "p99", "p99.9", "max"];
        double[] shares = [0.5, 0.9, 0.99, 0.999, 1];
        var text = new StringBuilder($"n {Count,5}  mean {Mean * 1e3,8:F2}");
        for (int i = 0; i < names.Length; i++) text.Append($"  {names[i]} {Quantile(shares[i]) * 1e3,8:F2}");
        return text.Append(" ms").ToString();
    }

    /// <summary>A histogram with bins that double, in milliseconds.</summary>
    public void Histogram(TextWriter to, string indent)
    {
        double[] edges = [double.NegativeInfinity, 0, 0.5e-3, 1e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3, 8e-3, 10e-3, 15e-3, 20e-3, 50e-3, 100e-3, 200e-3, 500e-3, 1, double.PositiveInfinity];
        lock (_values)
        {
            for (int i = 0; i + 1 < edges.Length; i++)
            {
                int n = _values.Count(v => v >= edges[i] && v < edges[i + 1]);
                if (n == 0) continue;
                to.WriteLine($"{indent}{edges[i] * 1e3,7:0.#} .. {edges[i + 1] * 1e3,7:0.#} ms {n,6}  {new string('#', (int)Math.Ceiling(60.0 * n / _values.Count))}");
            }
        }
    }
}
