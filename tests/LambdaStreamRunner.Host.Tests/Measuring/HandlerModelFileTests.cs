using System.Collections.Immutable;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Tests.Measuring;

public class HandlerModelFileTests
{
    [Fact]
    public void A_model_is_read_as_it_was_written()
    {
        var model = new HandlerModel
        {
            Fixed = TimeSpan.FromMilliseconds(12.3456),
            PerRecord = TimeSpan.FromMicroseconds(4.2),
            Variation = [0.9, 1, 1.25],
            SlowDowns = [new SlowDown(1, 1), new SlowDown(4, 2.5)],
            ColdStarts = [TimeSpan.FromMilliseconds(180), TimeSpan.FromMilliseconds(220)],
            MemorySize = 512,
            Timeout = TimeSpan.FromSeconds(10),
        };
        Assert.True(MemoryCurve.TryCreate([new MemoryPoint(512, 100), new MemoryPoint(1024, 50)], out MemoryCurve? curve, out _));

        HandlerModelFile? read = HandlerModelFile.Read(HandlerModelFile.Write(model, curve, measured: null), out ImmutableArray<string> mistakes);

        Assert.Empty(mistakes);
        Assert.NotNull(read);
        Assert.Equal(
            (model.Fixed, model.PerRecord, model.MemorySize, model.Timeout), (read.Model.Fixed, read.Model.PerRecord, read.Model.MemorySize, read.Model.Timeout));
        Assert.Equal(model.Variation, read.Model.Variation);
        Assert.Equal(model.SlowDowns, read.Model.SlowDowns);
        Assert.Equal(model.ColdStarts, read.Model.ColdStarts);
        Assert.Equal(curve.Points, read.MemoryCurve!.Points);
    }

    [Fact]
    public void Two_numbers_are_enough_for_a_model()
    {
        HandlerModelFile? read = HandlerModelFile.Read("""{ "version": 1, "fixedMs": 20, "perRecordMs": 1 /* by hand */ }""", out _);

        Assert.Equal("20ms + 1ms/record", HandlerModelExpression.Write(read!.Model));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void More_failing_records_than_records_are_a_mistake(int count, int of)
    {
        HandlerModelFile.Read($$"""{ "version": 1, "fixedMs": 20, "failingRecords": { "count": {{count}}, "of": {{of}} } }""", out ImmutableArray<string> mistakes);

        Assert.StartsWith($"failingRecords has count {count} of {of}", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        HandlerModelFile.Read(
            """{ "version": 1, "fixedMs": -1, "variation": [-1], "slowDowns": [{ "concurrency": 0, "factor": 1 }], "coldStartsMs": [-3], "memorySize": 64, "timeoutSeconds": 0, "memoryCurve": [] }""",
            out ImmutableArray<string> mistakes);

        Assert.Equal(
            ["fixedMs", "variation", "slowDowns", "coldStartsMs", "memorySize", "timeoutSeconds", "memoryCurve:"],
            mistakes.Select(mistake => mistake.Split(' ')[0]));
    }

    [Theory]
    [InlineData("""{ "version": 2, "fixedMs": 1 }""", "has version 2, and this program reads version 1")]
    [InlineData("""{ "version": 1 }""", "is no handler model: ")]
    [InlineData("""{ "version": 1, "fixedMs": 1, "perRecord": 5 }""", "perRecord")]
    [InlineData("null", "is no handler model: ")]
    [InlineData("nonsense", "is no handler model: ")]
    public void A_file_of_something_else_is_refused(string json, string mistake)
    {
        Assert.Null(HandlerModelFile.Read(json, out ImmutableArray<string> mistakes));
        Assert.Contains(mistake, Assert.Single(mistakes), StringComparison.Ordinal);
    }
}
