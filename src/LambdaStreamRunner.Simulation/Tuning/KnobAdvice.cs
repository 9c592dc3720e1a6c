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
            .Select(i => ChangeOf(knob.Knob, knob.Steps[place].Value, knob.Steps[i]))
            .OfType<Change>().OrderByDescending(change => change.Weight).FirstOrDefault();
    }

    /// <summary>Null when nothing changes that is worth a word and more than chance.</summary>
    private Change? ChangeOf(string knob, string from, KnobStep step)
    {
        if (step is not { Effect: { } effect, Point: { } point })
            return null;
        double ageMin = Math.Max(MillisecondsMin, ShareMin * centre.IteratorAgeP99.Mean);
        bool areInvocationsTold = IsTold(effect.Invocations, ShareMin);
        bool isCostTold = !areInvocationsTold && IsTold(effect.Cost, ShareMin);
        bool isAgeTold = IsTold(effect.IteratorAgeP99, ageMin);
        bool isAgeSame = effect.IteratorAgeP99.Low > -ageMin && effect.IteratorAgeP99.High < ageMin;
        if (!areInvocationsTold && !isCostTold && !isAgeTold)
            return null;
        double weight = Math.Abs(Math.Log(1 + Math.Max(effect.Invocations.Mean, -0.99))) + Math.Abs(Math.Log(1 + Math.Max(effect.Cost.Mean, -0.99)))
            + (isAgeTold ? Math.Abs(Math.Log(Math.Max(1, point.IteratorAgeP99.Mean) / Math.Max(1, centre.IteratorAgeP99.Mean))) : 0);
        return new Change(knob, from, step.Value, areInvocationsTold ? effect.Invocations.Mean : null, isCostTold ? effect.Cost.Mean : null, isAgeTold ? effect.IteratorAgeP99 : null, isAgeSame, weight);
    }

    private static bool IsTold(Estimate change, double min) => Math.Abs(change.Mean) >= min && change.ExcludesZero;

    private static string Sentence(Change change)
    {
        List<string> effects = [];
        if (change.Invocations is { } invocations)
            effects.Add(Invocations(invocations));
        if (change.Cost is { } cost)
            effects.Add($"{(cost < 0 ? "saves" : "adds")} {Wording.Percent(Math.Abs(cost))} {(cost < 0 ? "of" : "to")} the cost");
        if (change.Age is { } age)
        {
            string within = age.High - age.Mean >= 1 ? $" (±{Wording.Time(age.High - age.Mean)})" : "";
            effects.Add($"{(age.Mean < 0 ? "takes" : "adds")} {Wording.Time(Math.Abs(age.Mean))}{within} {(age.Mean < 0 ? "off" : "to")} the p99 of the iterator age");
        }
        else if (change.IsAgeSame)
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

    /// <param name="Knob">AWS's name.</param>
    /// <param name="From">The chosen value.</param>
    /// <param name="To">The other value.</param>
    /// <param name="Invocations">Null: nothing to tell, as in those that follow.</param>
    /// <param name="Cost">As a share.</param>
    /// <param name="Age">In milliseconds.</param>
    /// <param name="IsAgeSame">True when the age surely changes by little.</param>
    /// <param name="Weight">How much the step does in all.</param>
    private sealed record Change(string Knob, string From, string To, double? Invocations, double? Cost, Estimate? Age, bool IsAgeSame, double Weight);
}
