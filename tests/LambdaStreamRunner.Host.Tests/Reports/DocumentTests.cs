using System.Text.Json;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tests.Reports;

public class DocumentTests
{
    private static readonly TuningResult Result = Some.Result();

    [Fact]
    public void A_setting_has_aws_names_and_its_figures_beside_them()
    {
        JsonElement chosen = Tuning(Result).GetProperty("chosen");

        Assert.Equal(
            (2, 2_500, 0, 4), (Whole(chosen, "ShardCount"), Whole(chosen, "BatchSize"), Whole(chosen, "MaximumBatchingWindowInSeconds"), Whole(chosen, "ParallelizationFactor")));
        Assert.Equal((true, 2, -1), (chosen.GetProperty("BisectBatchOnFunctionError").GetBoolean(), Whole(chosen, "MaximumRetryAttempts"), Whole(chosen, "MaximumRecordAgeInSeconds")));
        Assert.Equal("ReportBatchItemFailures", chosen.GetProperty("FunctionResponseTypes")[0].GetString());
        Assert.Equal(Result.Chosen!.IteratorAgeP99.High, chosen.GetProperty("iteratorAgeP99Ms").GetProperty("high").GetDouble(), 0.01);
        Assert.Equal(Result.Chosen.Cost.Total, chosen.GetProperty("costPerMillion").GetProperty("total").GetDouble(), 1e-6);
        Assert.Equal(1_800_000, Whole(chosen.GetProperty("figures"), "records"));
        Assert.Equal(8, chosen.GetProperty("figures").GetProperty("lanes").GetArrayLength());
    }

    [Fact]
    public void The_frontier_is_a_list_of_settings_and_everything_else_stands_beside_it()
    {
        JsonElement document = Tuning(Result, Some.Verification(Result));

        Assert.Equal(Result.Frontier.Select(point => point.Setting.Mapping.BatchSize), document.GetProperty("frontier").EnumerateArray().Select(entry => Whole(entry, "BatchSize")));
        Assert.Equal(
            ["isComplete", "verdict", "chosen", "knee", "nearestFeasible", "frontier", "exploredCount", "otherLanePolicy", "advice", "sensitivity", "pruned", "verification", "inputs"],
            document.EnumerateObject().Select(property => property.Name));
        Assert.Equal("recommended", document.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, document.GetProperty("nearestFeasible").ValueKind);
        Assert.Equal(3, document.GetProperty("verification").GetProperty("runs").GetArrayLength());
        Assert.Equal(Some.Origin.CommandLine, document.GetProperty("inputs").GetProperty("commandLine").GetString());
    }

    [Fact]
    public void What_was_not_found_is_null_and_no_number_is_infinite()
    {
        TuningResult none = Result with
        {
            Chosen = null,
            Frontier = [Result.Frontier[0] with { IteratorAgeP99 = new Estimate(double.PositiveInfinity, double.NaN, double.NaN) }],
        };

        JsonElement document = Tuning(none);

        Assert.Equal(("none", JsonValueKind.Null), (document.GetProperty("verdict").GetString(), document.GetProperty("chosen").ValueKind));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("frontier")[0].GetProperty("iteratorAgeP99Ms").GetProperty("mean").ValueKind);
    }

    [Fact]
    public void A_simulation_is_its_setting_its_figures_and_what_repeats_it()
    {
        SimulatedRun run = Some.Run();

        JsonElement document = JsonSerializer.Deserialize<JsonElement>(SimulationDocument.ToJson(run));
        JsonElement figures = document.GetProperty("figures");

        Assert.Equal((2, 7), (Whole(document.GetProperty("setting"), "ShardCount"), Whole(document.GetProperty("inputs"), "seed")));
        Assert.Equal(run.Figures.IteratorAge.P99, figures.GetProperty("iteratorAgeMs").GetProperty("p99").GetDouble(), 0.1);
        Assert.Equal(("ArrivalRate", 8), (figures.GetProperty("concurrency").GetProperty("boundBy").GetString(), Whole(figures.GetProperty("concurrency"), "ceiling")));
        Assert.Equal(200, figures.GetProperty("course").GetArrayLength());
        Assert.Equal(Some.HostileKey, figures.GetProperty("hotKeys")[1].GetProperty("name").GetString());
    }

    private static JsonElement Tuning(TuningResult result, Verification? verification = null) => JsonSerializer.Deserialize<JsonElement>(TuningDocument.ToJson(result, verification, Some.Origin));

    private static int Whole(JsonElement element, string name) => element.GetProperty(name).GetInt32();
}
