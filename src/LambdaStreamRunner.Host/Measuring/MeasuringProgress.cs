using Spectre.Console;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A bar while a function is measured; nothing where nobody watches.</summary>
internal static class MeasuringProgress
{
    /// <summary>Shows how far something is.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="work">Is given what takes the share that is done, and what is being done.</param>
    public static async Task<T> ShowAsync<T>(IAnsiConsole console, Func<Action<double, string>?, Task<T>> work)
    {
        if (!console.Profile.Capabilities.Interactive)
            return await work(null);
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("measuring", maxValue: 1);
                return await work((share, what) => (bar.Value, bar.Description) = (share, Markup.Escape(what)));
            });
    }
}
