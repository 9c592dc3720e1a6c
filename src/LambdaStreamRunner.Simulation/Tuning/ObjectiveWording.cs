namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>Limits and predictions in words.</summary>
public static class ObjectiveWording
{
    /// <summary>A value of a figure with its unit: "1.2 s", "$0.31", "12".</summary>
    public static string Value(ObjectiveFigure figure, double value)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Unit switch
        {
            ObjectiveUnit.Time => Wording.Time(value),
            ObjectiveUnit.Dollars => FormattableString.Invariant($"${value:0.####}"),
            _ => Wording.Number(value),
        };
    }

    /// <summary>"iteratorAge.p99 is 2.7 s at its upper bound, 34 % above 2 s".</summary>
    public static string Miss(ObjectiveReading reading)
    {
        ObjectiveLimit limit = reading.Limit;
        string by = limit.Value == 0 ? "where 0 is allowed" : reading.Excess < 0.0005 ? $"and not below {Value(limit.Figure, limit.Value)}" : $"{Wording.Percent(reading.Excess)} above {Value(limit.Figure, limit.Value)}";
        return $"{limit.Figure.Name} is {Value(limit.Figure, reading.Predicted.High)} at its upper bound, {by}";
    }
}
