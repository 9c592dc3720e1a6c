namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Why a setting was chosen, and what the next cheaper and the next faster one would be.</summary>
internal sealed class ChoiceAdvice(TunedPoint chosen, TuningResult result, ServiceLevelObjective? objective)
{
    /// <summary>A share of the iterator age that is worth money, at least.</summary>
    private const double FasterMin = 0.05;

    private readonly double _lossMax = objective?.LimitsLoss ?? false ? double.PositiveInfinity : Math.Max(LossLimit.Of(result.Frontier), chosen.LostPerThousand.Mean);

    public string Sentence()
    {
        string why = objective is null
            ? "the one from which paying more begins to buy little"
            : $"the cheapest that meets {objective}";
        string among = LeavesOutLossy ? ", among those that lose no more records than need be" : "";
        if (result.Explored.Length == 1)
            why = "the only one that was looked at";
        string end = string.Join(" ", new[] { Cheaper(), Faster() }.OfType<string>());
        return $"{Wording.Setting(chosen.Setting)} is chosen as {why}{among}: {Cost(chosen)} per million records, {Age(chosen)}.{(end.Length == 0 ? "" : " " + end)}";
    }

    /// <summary>True when something cheaper would do but for the records that it loses.</summary>
    private bool LeavesOutLossy => result.Frontier.Any(point => point.Cost.Total < chosen.Cost.Total && !LossLimit.Allows(_lossMax, point) && (objective is null || objective.IsMetBy(point)));

    private string? Cheaper()
    {
        TunedPoint? cheaper = Others.LastOrDefault(point => point.Cost.Total < chosen.Cost.Total && point.IteratorAgeP99.Mean > chosen.IteratorAgeP99.Mean);
        if (cheaper is null)
            return null;
        string misses = objective is null || objective.IsMetBy(cheaper) ? "" : " and misses the objective";
        double saved = 1 - (cheaper.Cost.Total / chosen.Cost.Total);
        string part = saved < 0.001 ? "next to nothing" : $"{Wording.Percent(saved)} of that";
        return $"The next cheaper, {Wording.Differences(chosen.Setting, cheaper.Setting)}, saves {part} with {Age(cheaper)}{misses}.";
    }

    private string? Faster()
    {
        TunedPoint? faster = Others.FirstOrDefault(point => point.Cost.Total > chosen.Cost.Total && point.IteratorAgeP99.Mean < chosen.IteratorAgeP99.Mean * (1 - FasterMin));
        return faster is null ? null : $"The next faster, {Wording.Differences(chosen.Setting, faster.Setting)}, has {Age(faster)} and costs {Cost(faster)}.";
    }

    /// <summary>The cheapest first; of those that lose as few records.</summary>
    private IEnumerable<TunedPoint> Others => result.Frontier.Where(point => point.Setting != chosen.Setting && LossLimit.Allows(_lossMax, point));

    private static string Cost(TunedPoint point) => FormattableString.Invariant($"${point.Cost.Total:0.####}");

    private static string Age(TunedPoint point) => $"an iterator age p99 of {Wording.Time(point.IteratorAgeP99.Mean)}";
}
