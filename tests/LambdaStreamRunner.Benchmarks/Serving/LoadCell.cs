using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>One request to one server: a row of a table.</summary>
internal sealed class LoadCell(Served served, LoadRequest request)
{
    private readonly Repetitions _rate = new();
    private readonly Repetitions _median = new();
    private readonly Repetitions _tail = new();
    private readonly Repetitions _memory = new();
    private readonly Repetitions _cores = new();

    public async Task RepeatAsync(TimeSpan warmUp, TimeSpan duration)
    {
        using ServerProcess server = await ServerProcess.StartAsync(served);
        request.Prepare(server.Address);
        new ClosedLoop(server.Address, request).Run(warmUp);
        TimeSpan cpu = server.Cpu;
        (double rate, Latencies latencies) = new ClosedLoop(server.Address, request).Run(duration);
        _cores.Add((server.Cpu - cpu) / (latencies.Count * request.Records / rate * TimeSpan.FromSeconds(1)));
        _rate.Add(rate);
        _median.Add(latencies.Milliseconds(0.5));
        _tail.Add(latencies.Milliseconds(0.99));
        _memory.Add(server.ResidentMegabytes);
    }

    public string[] Row(string server, LoadCell yardstick) =>
    [
        request.ToString(), server, _rate.Format("N0"), Repetitions.Ratios(_rate, yardstick._rate).Format("0.00"),
        _median.Format("0.00"), _tail.Format("0.00"), _memory.Format("0"), _cores.Format("0.0"),
    ];
}
