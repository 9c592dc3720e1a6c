namespace LambdaStreamRunner.Testing.Choosing;

/// <summary>The choices of an earlier schedule; what it does not say is 0.</summary>
internal sealed class ReplayChooser(IReadOnlyDictionary<Choice, int> schedule) : Chooser
{
    /// <summary>Everything at its plainest.</summary>
    public ReplayChooser()
        : this(new Dictionary<Choice, int>())
    {
    }

    protected override int PickOne(in Choice choice, int count) => Math.Min(schedule.GetValueOrDefault(choice), count - 1);

    protected override int PickMeasure(in Choice choice, long actor, int max) => Math.Min(schedule.GetValueOrDefault(choice), max);

    protected override bool PickFault(in Choice choice, double rate) => schedule.GetValueOrDefault(choice) != 0;
}
