using System.Collections.Immutable;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Tests.Measuring;

public class ImportTests
{
    [Fact]
    public void A_table_is_read_whatever_the_order_of_its_columns()
    {
        ImmutableArray<HandlerMeasurement> table = MeasurementTable.Read(
            ["# measured in staging", "durationMs,cold,batchSize,concurrency", "12.5,false,10,1", "", "800,true,1,1", "30,,10,4"], out ImmutableArray<string> mistakes);

        Assert.Empty(mistakes);
        Assert.Equal(
            [
                new HandlerMeasurement(10, 1, TimeSpan.FromMilliseconds(12.5), MeasuredEnvironment.Warm),
                new HandlerMeasurement(1, 1, TimeSpan.FromMilliseconds(800), MeasuredEnvironment.Cold),
                new HandlerMeasurement(10, 4, TimeSpan.FromMilliseconds(30), MeasuredEnvironment.Warm),
            ],
            table);
    }

    [Fact]
    public void Every_mistake_of_a_table_is_told_with_its_line()
    {
        MeasurementTable.Read(["batchSize,durationMs,concurrency", "0,5,1", "1,-5,1", "1,5,no", "1,5"], out ImmutableArray<string> mistakes);

        Assert.Equal(
            [
                "line 2 has the batch size '0'; it can be 1 to 10000.",
                "line 3 has the duration '-5'; it is milliseconds above 0, at most 900000.",
                "line 4 has the concurrency 'no'; it can be 1 to 10000.",
                "line 5 has 2 values, and there are 3 columns.",
            ],
            mistakes);
    }

    [Theory]
    [InlineData("batch,durationMs", "line 1 has a column 'batch'; the columns are batchSize,durationMs[,concurrency][,cold], named in the first line.")]
    [InlineData("durationMs", "line 1 must name the columns batchSize,durationMs[,concurrency][,cold], each once.")]
    [InlineData("batchSize,durationMs", "has no invocation that was warm and alone (concurrency 1)")]
    public void A_table_that_is_none_is_told_what_one_looks_like(string line, string mistake)
    {
        MeasurementTable.Read([line], out ImmutableArray<string> mistakes);

        Assert.StartsWith(mistake, Assert.Single(mistakes), StringComparison.Ordinal);
    }

    /// <summary>The example of Power Tuning's own page: six memory sizes from 128 to 3008 MB.</summary>
    [Fact]
    public void The_numbers_of_Power_Tuning_s_picture_are_read()
    {
        const string json = """
            {"results":{"power":"1024","cost":2.1e-7,"duration":2.9,"stateMachine":{"executionCost":0.0003,"lambdaCost":0.0005,
            "visualization":"https://lambda-power-tuning.show/#gAAAAQACAAQABsAL;ZooQR4yvkUa/pQRGRC5zRaADHUVjOftE;QdWhOEMkoziDT5Q4xhiIOMYYiDi6RNc4"}}}
            """;

        Assert.True(PowerTuningFile.TryRead(json, out MemoryCurve? curve, out _));
        Assert.Equal([128, 256, 512, 1024, 1536, 3008], curve.Points.Select(point => point.MemorySize));
        Assert.Equal([37_002, 18_648, 8_489, 3_891, 2_512, 2_010], curve.Points.Select(point => (int)Math.Round(point.DurationMs)));
    }

    [Fact]
    public void Its_stats_are_read_where_they_were_asked_for()
    {
        const string json = """
            {"results":{"power":"256","stats":[{"averagePrice":2e-7,"averageDuration":8,"value":128},{"averagePrice":2e-7,"averageDuration":4,"value":256}]}}
            """;

        Assert.True(PowerTuningFile.TryRead(json, out MemoryCurve? curve, out _));
        Assert.Equal([new MemoryPoint(128, 8), new MemoryPoint(256, 4)], curve.Points);
    }

    [Theory]
    [InlineData("""{"results":{"power":"128","cost":1,"duration":3}}""", "has neither results.stats nor results.stateMachine.visualization")]
    [InlineData("""{"results":{"stateMachine":{"visualization":"https://lambda-power-tuning.show/"}}}""", "carries no numbers after #")]
    [InlineData("""{"results":{"stateMachine":{"visualization":"https://lambda-power-tuning.show/#gAAA;AAAA;AAAA"}}}""", "is no output of Lambda Power Tuning")]
    [InlineData("""{"results":{"stats":[{"averageDuration":8,"value":128}]}}""", "is no use as a curve: a curve needs at least two memory sizes.")]
    [InlineData("""{"results":{"stats":[{"averageDuration":8}]}}""", "An entry of stats has no value.")]
    [InlineData("{", "is no output of Lambda Power Tuning")]
    public void What_is_no_output_of_it_is_told(string json, string mistake)
    {
        Assert.False(PowerTuningFile.TryRead(json, out _, out string? said));
        Assert.Contains(mistake, said, StringComparison.Ordinal);
    }
}
