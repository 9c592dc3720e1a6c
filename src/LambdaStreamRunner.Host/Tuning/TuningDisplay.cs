using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Tuning;

/// <summary>How far a search is: a bar with the time left on a terminal, a line at each new stage elsewhere.</summary>
internal static class TuningDisplay
{
    /// <summary>Runs work that reports its progress.</summary>
    public static async Task<T> ShowAsync<T>(IAnsiConsole console, Func<IProgress<TuningProgress>, T> work)
    {
        if (!console.Profile.Capabilities.Interactive)
            return await Task.Run(() => work(new Lines(console)));
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => Task.Run(() => work(new Bar(context.AddTask("reading the traffic", maxValue: 1)))));
    }

    /// <summary>"finalists: 12 of 108 simulations, 8 s left".</summary>
    internal static string LineOf(TuningProgress progress) =>
        $"{progress.Stage}: {Figures.Count(progress.Done)} of {Figures.Some(progress.Total, "simulation")}" + (progress.TimeLeft is { } left ? $", {Figures.Duration(left)} left" : "");

    private sealed class Bar(ProgressTask task) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => (task.Value, task.Description) = (value.Share, Markup.Escape(LineOf(value)));
    }

    private sealed class Lines(IAnsiConsole console) : IProgress<TuningProgress>
    {
        private string? _stage;

        public void Report(TuningProgress value)
        {
            if (value.Stage == _stage)
                return;
            _stage = value.Stage;
            console.Profile.Out.Writer.WriteLine($"{value.Stage}: {Figures.Some(value.Total, "simulation")}");
        }
    }
}
