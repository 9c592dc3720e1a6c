using System.CommandLine;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Simulation;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Traffic;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>One simulation, from its command line to its exit code.</summary>
internal sealed class Simulate(SimulateOptions options, ParseResult parsed)
{
    private readonly Screen _screen = Screen.Open(parsed.GetValue(options.Json));

    public async Task<int> RunAsync()
    {
        IEnumerable<string> mistakes = [.. options.Traffic.Mistakes(parsed), .. options.Handler.Mistakes(parsed, parsed.GetValue(options.Setting.Mapping) is not null), .. options.Mistakes(parsed)];
        bool hasSetting = options.Setting.TryRead(parsed, parsed.GetValue(options.Handler.Config)!, TimeProvider.System.GetUtcNow(), out TunedSetting? setting, out string? mistake);
        if (Screen.ComplainAbout(hasSetting ? mistakes : [.. mistakes, mistake!]) || options.Prices.Read(parsed, Screen.Complain) is not { } prices)
            return ExitCodes.WrongUsage;
        if (options.Setting.RemarkOn(parsed, parsed.GetValue(options.Handler.Config)!, TimeProvider.System.GetUtcNow()) is { } remark)
            _screen.Say(remark);
        using var interruptions = new Interruptions();
        try
        {
            (HandlerChoice? handler, int exit) = await options.Handler.ReadAsync(parsed, _screen, interruptions.Stop);
            await using HandlerChoice? owned = handler;
            if (handler is null)
                return exit;
            using OpenedTraffic? traffic = await options.Traffic.OpenAsync(parsed, progress: null, Screen.Complain, interruptions.Stop);
            if (traffic is null)
                return ExitCodes.WrongUsage;
            foreach (string warning in traffic.Warnings)
                _screen.Say(warning);
            if (Screen.ComplainAbout(options.MistakesBesides(parsed, traffic.Traffic.Duration)))
                return ExitCodes.WrongUsage;
            SimulationPlan plan = Plan(setting!, handler);
            SimulationFigures figures = await ShowAsync(new Simulator(traffic.Traffic), plan, interruptions.Stop);
            Write(new SimulatedRun(plan.Setting, traffic.Traffic.Description, plan.Handler, plan.Failures, plan.Seed, figures)
            {
                Cost = new CostModel(prices.Prices, prices.Architecture, plan.Handler.MemorySize, RecordsPerHour(traffic.Traffic)).Of(plan.Setting, figures),
                Prices = prices.Name,
            });
            return figures is { IsStable: true, Discarded: 0, Expired: 0 } ? ExitCodes.Done : ExitCodes.DoneWithLosses;
        }
        catch (ArgumentException unfit)
        {
            Screen.Complain(unfit.Message);
            return ExitCodes.WrongUsage;
        }
        catch (OperationCanceledException) when (interruptions.Stop.IsCancellationRequested)
        {
            Screen.Complain("Interrupted: a part of a simulation has no figures.");
            return ExitCodes.DoneWithLosses;
        }
    }

    private static double RecordsPerHour(StreamTraffic traffic) => traffic.Duration > TimeSpan.Zero ? traffic.Count / traffic.Duration.TotalHours : 0;

    private SimulationPlan Plan(TunedSetting setting, HandlerChoice handler) => new()
    {
        Setting = setting,
        Handler = handler.Model,
        Failures = handler.Failures,
        ReservedConcurrency = handler.ReservedConcurrency,
        Timing = options.TimingOf(parsed)!.Value,
        Retention = SimulateOptions.DurationOf(parsed, options.Retention) ?? TimeSpan.FromHours(24),
        WarmUp = SimulateOptions.DurationOf(parsed, options.WarmUp) ?? TimeSpan.Zero,
        Reshards = [.. options.Reshards(parsed)],
        Seed = parsed.GetValue(options.Traffic.Seed),
        WithCourse = true,
    };

    private void Write(SimulatedRun run)
    {
        if (parsed.GetValue(options.Json))
            _screen.WriteDocument(SimulationDocument.ToJson(run));
        else
            SimulationTable.Write(_screen.People, run);
    }

    private Task<SimulationFigures> ShowAsync(Simulator simulator, SimulationPlan plan, CancellationToken cancellation)
    {
        if (!_screen.People.Profile.Capabilities.Interactive)
            return Task.Run(() => simulator.Run(plan, cancellation), cancellation);
        return _screen.People.Progress().AutoClear(true).StartAsync(context =>
        {
            ProgressTask bar = context.AddTask("simulating", maxValue: 1);
            return Task.Run(() => simulator.Run(plan, share => bar.Value = share, cancellation), cancellation);
        });
    }
}
