using System.Collections.Immutable;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>What is measured, and for how long.</summary>
internal sealed record MeasuringPlan
{
    /// <summary>Batch sizes, ascending; those whose event would pass 6 MB, or that take too long for the budget, are left out with a note.</summary>
    public ImmutableArray<int> BatchSizes { get; init; } = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];

    /// <summary>Invocations at the same time, ascending; 1 is measured always.</summary>
    public ImmutableArray<int> Concurrencies { get; init; } = [1, 2, 4, 10];

    /// <summary>Time for all of it; what is known well enough takes less. The search for failing records and the warm-up are part of it.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>New environments that are tried, as far as the budget goes.</summary>
    public int ColdStarts { get; init; } = 5;

    /// <summary>Decides the order of the cells.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Share of the budget for the search for failing records.</summary>
    public TimeSpan ScreeningBudget => Budget * 0.1;

    /// <summary>Share of the budget before anything counts.</summary>
    public TimeSpan WarmUpBudget => Budget * 0.1;

    /// <summary>Share of the budget for invocations alone.</summary>
    public TimeSpan AloneBudget => Budget * 0.45;

    /// <summary>Share of the budget for invocations beside others.</summary>
    public TimeSpan BesideBudget => Budget * 0.25;

    /// <summary>Share of the budget for cold starts.</summary>
    public TimeSpan ColdBudget => Budget * 0.1;
}
