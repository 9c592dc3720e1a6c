using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LambdaStreamRunner.Simulation.Modelling;

/// <summary>How long one and the same invocation takes under several memory sizes: AWS gives CPU in proportion to memory.</summary>
/// <remarks>It tells how a model changes from one MemorySize to another. It cannot tell the fixed part from the part per record, nor how a batch size matters.</remarks>
public sealed record MemoryCurve
{
    private MemoryCurve(ImmutableArray<MemoryPoint> points) => Points = points;

    /// <summary>By ascending memory size; two or more.</summary>
    public ImmutableArray<MemoryPoint> Points { get; }

    /// <summary>A curve through points; false with what is wrong.</summary>
    public static bool TryCreate(IEnumerable<MemoryPoint> points, [NotNullWhen(true)] out MemoryCurve? curve, [NotNullWhen(false)] out string? mistake)
    {
        ImmutableArray<MemoryPoint> ascending = [.. points.OrderBy(point => point.MemorySize)];
        curve = null;
        mistake = ascending switch
        {
            { Length: < 2 } => "a curve needs at least two memory sizes",
            _ when ascending.Any(point => point.MemorySize <= 0 || !(point.DurationMs > 0) || !double.IsFinite(point.DurationMs)) => "memory sizes and durations must be above zero",
            _ when ascending.DistinctBy(point => point.MemorySize).Count() < ascending.Length => "a memory size is there twice",
            _ => null,
        };
        if (mistake is null)
            curve = new MemoryCurve(ascending);
        return curve is not null;
    }

    /// <summary>A model as it would be under another MemorySize; false with the reason when the curve does not go so far.</summary>
    /// <param name="model">Holds at its own <see cref="HandlerModel.MemorySize"/>.</param>
    /// <param name="memorySize">MiB.</param>
    /// <param name="scaled">Fixed part, part per record and cold starts in the same proportion.</param>
    /// <param name="mistake">Why not, for people.</param>
    public bool TryScale(HandlerModel model, int memorySize, [NotNullWhen(true)] out HandlerModel? scaled, [NotNullWhen(false)] out string? mistake)
    {
        scaled = null;
        foreach (int size in (int[])[model.MemorySize, memorySize])
        {
            if (size < Points[0].MemorySize || size > Points[^1].MemorySize)
            {
                mistake = string.Create(CultureInfo.InvariantCulture, $"the memory curve goes from {Points[0].MemorySize} to {Points[^1].MemorySize} MB and says nothing about {size} MB");
                return false;
            }
        }
        double factor = DurationAt(memorySize) / DurationAt(model.MemorySize);
        scaled = model with
        {
            Fixed = model.Fixed * factor,
            PerRecord = model.PerRecord * factor,
            ColdStarts = [.. model.ColdStarts.Select(cold => cold * factor)],
            MemorySize = memorySize,
        };
        mistake = null;
        return true;
    }

    // Between two points on a straight line through logarithms: CPU time falls as 1 ÷ memory, waiting does not fall.
    private double DurationAt(int memorySize)
    {
        int above = 0;
        while (Points[above].MemorySize < memorySize)
            above++;
        if (Points[above].MemorySize == memorySize)
            return Points[above].DurationMs;
        (MemoryPoint low, MemoryPoint high) = (Points[above - 1], Points[above]);
        double share = Math.Log((double)memorySize / low.MemorySize) / Math.Log((double)high.MemorySize / low.MemorySize);
        return low.DurationMs * Math.Pow(high.DurationMs / low.DurationMs, share);
    }
}

/// <summary>A point of a <see cref="MemoryCurve"/>.</summary>
/// <param name="MemorySize">MiB.</param>
/// <param name="DurationMs">Milliseconds.</param>
public readonly record struct MemoryPoint(int MemorySize, double DurationMs);
