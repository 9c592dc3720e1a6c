namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What a step of each knob away from a setting would do: "BatchSize 100 → 500 saves 62 % of invocations and adds 240 ms to p99".</summary>
internal sealed class KnobAdvice(TunedPoint centre, IReadOnlyCollection<KnobSensitivity> sensitivity)
{
    /// <summary>Changes below these are not worth a word.</summary>
    private const double ShareMin = 0.05;

    private const double MillisecondsMin = 5;

    /// <summary>One for each knob that does something, those that do most first.</summary>
    public IEnumerable<string> Sentences() =>
        sensitivity.Select(MostTelling).OfType<Change>().OrderByDescending(change => change.Weight).Select(Sentence);

    private Change? MostTelling(KnobSensitivity knob)
    {
        int place = knob.Steps.ToList().FindIndex(step => step.IsChosen);
        return Enumerable.Range(0, knob.Steps.Length)
            .Where(i => Math.Abs(i - place) == 1 && knob.Steps[i].Point is { Figures.IsStable: true })
            .Select(i => ChangeOf(knob.Knob, knob.Steps[place].Value, knob.Steps[i].Value, knob.Steps[i].Point!))
            .OfType<Change>().OrderByDescending(change => change.Weight).FirstOrDefault();
    }

    private Change? ChangeOf(string knob, string from, string to, TunedPoint point)
    {
        double invocations = Share(centre.InvocationsPerMillion.Mean, point.InvocationsPerMillion.Mean);
        double cost = Share(centre.Cost.Total, point.Cost.Total);
        double age = point.IteratorAgeP99.Mean - centre.IteratorAgeP99.Mean;
        bool isAgeTold = Math.Abs(age) >= MillisecondsMin && Math.Abs(age) > ShareMin * centre.IteratorAgeP99.Mean;
        bool isCostTold = Math.Abs(cost) >= ShareMin && Math.Abs(invocations) < ShareMin;
        if (Math.Abs(invocations) < ShareMin && !isCostTold && !isAgeTold)
            return null;
        double weight = Math.Abs(Math.Log(1 + Math.Max(invocations, -0.99))) + Math.Abs(Math.Log(1 + Math.Max(cost, -0.99)))
            + Math.Abs(Math.Log(Math.Max(1, point.IteratorAgeP99.Mean) / Math.Max(1, centre.IteratorAgeP99.Mean)));
        return new Change(knob, from, to, invocations, isCostTold ? cost : null, isAgeTold ? age : null, Half(centre.IteratorAgeP99, point.IteratorAgeP99), weight);
    }

    private static string Sentence(Change change)
    {
        List<string> effects = [];
        if (Math.Abs(change.Invocations) >= ShareMin)
            effects.Add(Invocations(change.Invocations));
        if (change.Cost is { } cost)
            effects.Add($"{(cost < 0 ? "saves" : "adds")} {Wording.Percent(Math.Abs(cost))} {(cost < 0 ? "of" : "to")} the cost");
        if (change.Age is { } age)
        {
            string within = change.AgeWithin >= 1 ? $" (±{Wording.Time(change.AgeWithin)})" : "";
            effects.Add($"{(age < 0 ? "takes" : "adds")} {Wording.Time(Math.Abs(age))}{within} {(age < 0 ? "off" : "to")} the p99 of the iterator age");
        }
        else
        {
            effects.Add("hardly changes the p99 of the iterator age");
        }
        return $"{change.Knob} {change.From} → {change.To} {string.Join(effects.Count > 2 ? ", " : " and ", effects)}.";
    }

    private static string Invocations(double change) => change switch
    {
        < 0 => $"saves {Wording.Percent(-change)} of the invocations",
        < 1 => $"takes {Wording.Percent(change)} more invocations",
        _ => $"takes {Wording.Number(Math.Round(1 + change, 1))} times as many invocations",
    };

    private static double Share(double from, double to) => from == 0 ? 0 : (to - from) / from;

    /// <summary>Half of the interval of a difference; the two share their random numbers, which makes it rather too wide.</summary>
    private static double Half(Estimate one, Estimate other)
    {
        (double a, double b) = (one.High - one.Mean, other.High - other.Mean);
        return Math.Sqrt((a * a) + (b * b));
    }

    private sealed record Change(string Knob, string From, string To, double Invocations, double? Cost, double? Age, double AgeWithin, double Weight);
}
