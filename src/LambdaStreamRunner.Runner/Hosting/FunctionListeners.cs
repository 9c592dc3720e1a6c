using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Who listens to the functions of a runner.</summary>
internal static class FunctionListeners
{
    /// <summary>The runner's own log, unless its options name somebody else.</summary>
    public static FunctionListener Of(ILogger logger) => new()
    {
        LogLine = line => logger.FunctionSaid(line.FunctionName, line.RequestId, line.Level, line.Text),
        InitReport = report => logger.EnvironmentStarted(report.FunctionName, report.ToString()),
        Notice = notice => logger.FunctionNotice(notice),
        Warning = warning => logger.FunctionWarning(warning),
    };

    /// <summary>Measures cold starts on the way to a listener.</summary>
    /// <param name="listener">Hears all.</param>
    /// <param name="metrics">Where to; asked for when something has started.</param>
    public static FunctionListener Measured(this FunctionListener listener, Func<LambdaMetrics> metrics) => listener with
    {
        InitReport = report =>
        {
            metrics().Initialized(report);
            listener.InitReport?.Invoke(report);
        },
    };
}
