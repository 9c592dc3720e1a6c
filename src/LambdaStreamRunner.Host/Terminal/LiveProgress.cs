using LambdaStreamRunner.Runner.Telemetry;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Terminal;

/// <summary>Shows how a run goes until it is told to stop: a table that renews itself on a terminal, plain lines elsewhere.</summary>
/// <param name="console">Where to; its capabilities decide which of the two.</param>
/// <param name="look">Looks at every mapping, in an order that stays.</param>
/// <param name="time">Real time, whatever the run's clock is.</param>
public sealed class LiveProgress(IAnsiConsole console, Func<IReadOnlyList<MappingProgress>> look, TimeProvider time)
{
    private static readonly TimeSpan TableEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(1);

    /// <summary>A line that says nothing new is repeated after this long, as a sign of life.</summary>
    private static readonly TimeSpan PlainRepeatAfter = TimeSpan.FromSeconds(30);

    /// <summary>Lines that only count on are this far apart.</summary>
    private static readonly TimeSpan PlainCountsAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, RateMeter> _rates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Timestamp, MappingProgress Progress)> _written = new(StringComparer.Ordinal);

    /// <summary>Shows progress until <paramref name="stopping"/> fires, which is its normal end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi)
            await console.Live(TableOf(look())).AutoClear(true).StartAsync(context => RenewAsync(context, stopping));
        else
            await WriteLinesAsync(stopping);
    }

    /// <summary>The table of one moment.</summary>
    internal Table TableOf(IReadOnlyList<MappingProgress> mappings)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("mapping");
        foreach (string name in (string[])["rate", "iterator age", "in flight", "retries", "discarded", "settled", "drained"])
            table.AddColumn(new TableColumn(name) { Alignment = Justify.Right });
        foreach (MappingProgress mapping in mappings)
        {
            table.AddRow(
                Markup.Escape(mapping.Name), Figures.Rate(RateOf(mapping)), Figures.Duration(mapping.IteratorAge),
                Figures.Count(mapping.InFlight), Figures.Count(mapping.Retries), Figures.Count(mapping.Discarded),
                $"{Figures.Count(mapping.Settled)} / {Figures.Count(mapping.Known)}", Figures.Percent(mapping.Settled, mapping.Known));
        }
        MappingProgress[] waiting = [.. mappings.Where(mapping => mapping.WaitsFor is not null)];
        if (waiting.Length > 0)
            table.Caption = new TableTitle(Markup.Escape(string.Join("\n", waiting.Select(mapping => $"{mapping.Name} waits for {mapping.WaitsFor}"))));
        return table;
    }

    /// <summary>The line of one moment.</summary>
    internal static string LineOf(MappingProgress mapping, double rate)
    {
        string line = $"{mapping.Name}: {Figures.Count(mapping.Settled)} of {Figures.Count(mapping.Known)} settled "
            + $"({Figures.Percent(mapping.Settled, mapping.Known)}), {Figures.Rate(rate)}, iterator age {Figures.Duration(mapping.IteratorAge)}, "
            + $"{Figures.Count(mapping.InFlight)} in flight, {Figures.Count(mapping.Retries)} retries, {Figures.Count(mapping.Discarded)} discarded";
        return mapping.WaitsFor is null ? line : $"{line}; waits for {mapping.WaitsFor}";
    }

    /// <summary>Writes a line for each mapping of which there is something new to say.</summary>
    internal void WriteNews()
    {
        foreach (MappingProgress mapping in look())
        {
            double rate = RateOf(mapping);
            if (_written.TryGetValue(mapping.Name, out (long Timestamp, MappingProgress Progress) last)
                && time.GetElapsedTime(last.Timestamp) < WaitBetween(last.Progress, mapping))
                continue;
            _written[mapping.Name] = (time.GetTimestamp(), mapping);
            console.Profile.Out.Writer.WriteLine(LineOf(mapping, rate));      // not wrapped: a line is a line, however wide
        }
    }

    private double RateOf(MappingProgress mapping)
    {
        if (!_rates.TryGetValue(mapping.Name, out RateMeter? meter))
            _rates.Add(mapping.Name, meter = new RateMeter());
        return meter.Look(time, mapping.Settled);
    }

    private async Task RenewAsync(LiveDisplayContext context, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TableEvery, time);
        while (await TicksAsync(timer, stopping))
            context.UpdateTarget(TableOf(look()));
    }

    private async Task WriteLinesAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PlainEvery, time);
        while (await TicksAsync(timer, stopping))
            WriteNews();
    }

    /// <summary>What a person would want to know at once is said at once, counting goes on in steps, standstill rarely.</summary>
    private static TimeSpan WaitBetween(MappingProgress last, MappingProgress now)
    {
        bool isNews = now.Discarded != last.Discarded || (now.WaitsFor is null) != (last.WaitsFor is null)
            || (now.Settled == now.Known && last.Settled != last.Known);
        if (isNews)
            return TimeSpan.Zero;
        return now.Settled == last.Settled && now.Known == last.Known && now.Retries == last.Retries ? PlainRepeatAfter : PlainCountsAfter;
    }

    /// <summary>True at the next tick, false when stopping: an end, not a fault.</summary>
    private static async Task<bool> TicksAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
