using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>The one JSON document of <c>tune --json</c>: settings by AWS's names with their figures.</summary>
internal static class TuningDocument
{
    /// <summary>For a terminal or a file: readable, and not for a web page.</summary>
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, indented.</summary>
    public static string ToJson(TuningResult result, Verification? verification, ReportOrigin origin) => Of(result, verification, origin).ToJsonString(Options);

    internal static JsonObject Of(TuningResult result, Verification? verification, ReportOrigin origin) => new()
    {
        ["isComplete"] = result.IsComplete,
        ["verdict"] = VerdictWords.Of(result, verification).Word,
        ["chosen"] = PointOf(result.Chosen, FiguresDetail.Lanes),
        ["knee"] = PointOf(result.Knee, FiguresDetail.Totals),
        ["nearestFeasible"] = PointOf(result.NearestFeasible, FiguresDetail.Totals),
        ["frontier"] = new JsonArray([.. result.Frontier.Select(point => PointOf(point, FiguresDetail.Totals))]),
        ["exploredCount"] = result.Explored.Length,
        ["otherLanePolicy"] = PointOf(result.OtherLanePolicy, FiguresDetail.Totals),
        ["advice"] = new JsonArray([.. result.Advice.Select(sentence => JsonValue.Create(sentence))]),
        ["sensitivity"] = new JsonArray([.. result.Sensitivity.Select(SensitivityOf)]),
        ["pruned"] = new JsonArray([.. result.Pruned.Select(pruned => new JsonObject { ["reason"] = pruned.Reason, ["count"] = pruned.Count })]),
        ["verification"] = VerificationOf(verification),
        ["inputs"] = InputsOf(result.Inputs, origin),
    };

    private static JsonObject? PointOf(TunedPoint? point, FiguresDetail detail)
    {
        if (point is null)
            return null;
        JsonObject json = EstimatesOf(point);
        json["figures"] = JsonSerializer.SerializeToNode(FiguresDocument.Of(point.Figures, detail), Options);
        return json;
    }

    private static JsonObject EstimatesOf(TunedPoint point)
    {
        JsonObject json = SettingJson.Of(point.Setting);
        json["costPerMillion"] = CostOf(point.Cost);
        json["iteratorAgeP99Ms"] = EstimateOf(point.IteratorAgeP99);
        json["latencyP50Ms"] = EstimateOf(point.LatencyP50);
        json["latencyP99Ms"] = EstimateOf(point.LatencyP99);
        json["duplicatesPerThousand"] = EstimateOf(point.DuplicatesPerThousand);
        json["peakConcurrency"] = EstimateOf(point.PeakConcurrency);
        json["invocationsPerMillion"] = EstimateOf(point.InvocationsPerMillion);
        json["lostPerThousand"] = EstimateOf(point.LostPerThousand);
        json["objectives"] = new JsonObject(point.Objectives.OrderBy(figure => figure.Key, StringComparer.Ordinal).Select(figure => KeyValuePair.Create<string, JsonNode?>(figure.Key, EstimateOf(figure.Value))));
        json["meanBatchSize"] = Rounded.ToTenth(point.Figures.Batches.Mean);
        json["runs"] = point.Runs;
        return json;
    }

    internal static JsonObject CostOf(CostPerMillion cost) => new()
    {
        ["total"] = Rounded.ToMicroDollar(cost.Total),
        ["requests"] = Rounded.ToMicroDollar(cost.Requests),
        ["compute"] = Rounded.ToMicroDollar(cost.Compute),
        ["stream"] = Rounded.ToMicroDollar(cost.Stream),
        ["fanOut"] = Rounded.ToMicroDollar(cost.FanOut),
    };

    private static JsonObject EstimateOf(Estimate estimate) => new()
    {
        ["mean"] = Rounded.ToHundredth(estimate.Mean),
        ["low"] = Rounded.ToHundredth(estimate.Low),
        ["high"] = Rounded.ToHundredth(estimate.High),
    };

    private static JsonObject SensitivityOf(KnobSensitivity knob) => new()
    {
        ["knob"] = knob.Knob,
        ["steps"] = new JsonArray([.. knob.Steps.Select(step => new JsonObject
        {
            ["value"] = step.Value,
            ["isChosen"] = step.IsChosen,
            ["isStable"] = step.Point is { Figures.IsStable: true },
            ["point"] = step.Point is { } point ? EstimatesOf(point) : null,
        })]),
    };

    private static JsonObject? VerificationOf(Verification? verification) => verification is null ? null : new JsonObject
    {
        ["isRecommended"] = verification.IsRecommended,
        ["errorMax"] = Verification.ErrorMax,
        ["runs"] = new JsonArray([.. verification.Runs.Select(RunOf)]),
        ["leftOut"] = new JsonArray([.. verification.LeftOut.Select(LeftOutOf)]),
    };

    private static JsonObject LeftOutOf(RunLeftOut left)
    {
        JsonObject json = SettingJson.Of(left.Setting);
        json["clock"] = left.Clock.ToString();
        json["why"] = left.Why;
        return json;
    }

    private static JsonObject RunOf(VerifiedRun run)
    {
        JsonObject json = SettingJson.Of(run.Setting);
        json["clock"] = run.Clock.ToString();
        json["error"] = Rounded.ToShare(run.Error);
        json["remarks"] = new JsonArray([.. VerificationTable.RemarksOn(run).Select(remark => JsonValue.Create(remark))]);
        json["kolmogorovSmirnov"] = Rounded.ToShare(run.KolmogorovSmirnov);
        json["figures"] = new JsonArray([.. run.Figures.Select(figure => new JsonObject
        {
            ["name"] = figure.Name,
            ["unit"] = figure.Unit,
            ["predicted"] = Rounded.ToHundredth(figure.Predicted),
            ["measured"] = Rounded.ToHundredth(figure.Measured),
            ["error"] = Rounded.ToShare(figure.Error),
        })]);
        return json;
    }

    private static JsonObject InputsOf(TuningInputs inputs, ReportOrigin origin) => new()
    {
        ["commandLine"] = origin.CommandLine,
        ["stream"] = origin.Stream,
        ["function"] = origin.Function,
        ["madeAt"] = origin.MadeAt,
        ["traffic"] = inputs.Traffic,
        ["records"] = inputs.Records,
        ["durationMs"] = Rounded.ToTenth(inputs.Duration.TotalMilliseconds),
        ["objective"] = inputs.Objective,
        ["seeds"] = new JsonArray([.. inputs.Seeds.Select(seed => JsonValue.Create(seed))]),
        ["prices"] = inputs.Prices,
        ["settings"] = inputs.Settings,
        ["handler"] = HandlerOf(inputs.Handler),
        ["failures"] = FailuresOf(inputs.Failures),
    };

    internal static JsonObject HandlerOf(HandlerModel handler) => new()
    {
        ["fixedMs"] = Rounded.ToShare(handler.Fixed.TotalMilliseconds),
        ["perRecordMs"] = Rounded.ToMicroDollar(handler.PerRecord.TotalMilliseconds),
        ["variations"] = handler.Variation.Length,
        ["slowDowns"] = new JsonArray([.. handler.SlowDowns.Select(slow => new JsonObject { ["concurrency"] = slow.Concurrency, ["factor"] = Rounded.ToShare(slow.Factor) })]),
        ["coldStarts"] = handler.ColdStarts.Length,
        ["memorySize"] = handler.MemorySize,
        ["timeoutMs"] = Rounded.ToTenth(handler.Timeout.TotalMilliseconds),
    };

    internal static JsonObject FailuresOf(FailureModel failures) => new()
    {
        ["poisonRate"] = failures.PoisonRate,
        ["poisonRecords"] = failures.PoisonRecords.Length,
        ["transientRate"] = failures.TransientRate,
        ["outages"] = failures.Outages.Length,
    };
}
