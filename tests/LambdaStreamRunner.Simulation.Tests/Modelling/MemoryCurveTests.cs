using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Simulation.Tests.Modelling;

public class MemoryCurveTests
{
    private static readonly HandlerModel Model = new()
    {
        Fixed = TimeSpan.FromMilliseconds(20),
        PerRecord = TimeSpan.FromMilliseconds(2),
        ColdStarts = [TimeSpan.FromMilliseconds(400)],
        MemorySize = 256,
    };

    [Fact]
    public void A_model_is_scaled_from_its_own_memory_size_to_another_one()
    {
        MemoryCurve curve = Curve((128, 800), (256, 400), (1024, 100));

        Assert.True(curve.TryScale(Model, 1024, out HandlerModel? scaled, out _));
        Assert.Equal((5, 0.5, 1024), (scaled.Fixed.TotalMilliseconds, scaled.PerRecord.TotalMilliseconds, scaled.MemorySize));
        Assert.Equal([100], scaled.ColdStarts.Select(cold => cold.TotalMilliseconds));
    }

    [Fact]
    public void Between_two_sizes_durations_fall_as_CPU_time_does()
    {
        Assert.True(Curve((256, 400), (1024, 100)).TryScale(Model, 512, out HandlerModel? scaled, out _));
        Assert.Equal(10, scaled.Fixed.TotalMilliseconds, 0.01);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(2048)]
    public void Beyond_its_ends_a_curve_says_nothing(int memorySize)
    {
        Assert.False(Curve((128, 800), (1024, 100)).TryScale(Model, memorySize, out _, out string? mistake));
        Assert.Contains($"from 128 to 1024 MB and says nothing about {memorySize} MB", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_point_is_no_curve() =>
        Assert.False(MemoryCurve.TryCreate([new MemoryPoint(128, 5)], out _, out _));

    private static MemoryCurve Curve(params (int MemorySize, double DurationMs)[] points)
    {
        Assert.True(MemoryCurve.TryCreate(points.Select(point => new MemoryPoint(point.MemorySize, point.DurationMs)), out MemoryCurve? curve, out _));
        return curve;
    }
}
