using System.Collections.Concurrent;
using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Benchmarks.Hosting;

/// <summary>A function of this folder, hosted in one way and invoked without a stream.</summary>
internal sealed class HostedNoOp : IAsyncDisposable
{
    private readonly FunctionCatalog _catalog;
    private readonly FunctionConfiguration _configuration;
    private readonly IFunction _function;
    private readonly ConcurrentQueue<InvocationReport> _reports;

    private HostedNoOp(FunctionCatalog catalog, FunctionConfiguration configuration, IFunction function, ConcurrentQueue<InvocationReport> reports) =>
        (_catalog, _configuration, _function, _reports) = (catalog, configuration, function, reports);

    /// <summary>A method of <see cref="NoOpHandlers"/>.</summary>
    public static Task<HostedNoOp> DotnetAsync(string method, FunctionHosting hosting) => OpenAsync(new FunctionConfiguration
    {
        Name = "NoOp",
        Arn = "arn:aws:lambda:us-east-1:000000000000:function:NoOp",
        CodeUri = typeof(NoOpHandlers).Assembly.Location,
        Handler = $"LambdaStreamRunner.Benchmarks::{typeof(NoOpHandlers).FullName}::{method}",
        Hosting = hosting,
        Timeout = TimeSpan.FromSeconds(60),
        MemorySizeMegabytes = 512,
    });

    /// <summary>A function of another language.</summary>
    public static Task<HostedNoOp> OpenAsync(string runtime, string folder, string handler, bool areReportsMade = false) => OpenAsync(
        new FunctionConfiguration
        {
            Name = "NoOp",
            Arn = "arn:aws:lambda:us-east-1:000000000000:function:NoOp",
            CodeUri = folder,
            Handler = handler,
            Runtime = runtime,
            Hosting = FunctionHosting.Process,
            Timeout = TimeSpan.FromSeconds(60),
            MemorySizeMegabytes = 256,
        },
        areReportsMade);

    /// <summary>A function of any configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="areReportsMade">Reports, as with <c>--reports</c>, tell of cold starts, and cost a look at the memory each.</param>
    public static async Task<HostedNoOp> OpenAsync(FunctionConfiguration configuration, bool areReportsMade = false)
    {
        var reports = new ConcurrentQueue<InvocationReport>();
        var catalog = new FunctionCatalog(TimeProvider.System, new FunctionListener { Report = areReportsMade ? reports.Enqueue : null });
        return new HostedNoOp(catalog, configuration, await catalog.GetAsync(configuration, FunctionConfiguration.Latest, CancellationToken.None), reports);
    }

    /// <summary>Invokes it in several lanes at once; invocations a second, and microseconds of this process' CPU time for each.</summary>
    public async Task<(double Rate, double Cpu)> RateAsync(byte[] eventJson, int lanes, int countOfLane)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(() => InvokeAsync(_function.OpenLane(), eventJson, countOfLane))));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        return (lanes * countOfLane / took.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / (lanes * countOfLane));
    }

    /// <summary>Writes each event and has it handled, one after the other; seconds for all.</summary>
    public async Task<double> HandleAsync(KinesisEventWriter events, StreamRecord[] records, int batchSize)
    {
        IFunctionLane lane = _function.OpenLane();
        byte[] buffer = new byte[events.Measure(records.AsSpan(0, batchSize)) * 2];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < records.Length; i += batchSize)
            await InvokeAsync(lane, buffer.AsMemory(0, events.Write(records.AsSpan(i, batchSize), buffer)), 1);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The first invocation of a new environment: its init, and init and invocation together.</summary>
    public async Task<(TimeSpan Init, TimeSpan Whole)> ColdAsync(byte[] eventJson)
    {
        _reports.Clear();
        await using IFunction cold = await _catalog.GetAnewAsync(_configuration, CancellationToken.None) ?? throw new InvalidOperationException("It cannot be started twice.");
        await InvokeAsync(cold.OpenLane(), eventJson, 1);
        InvocationReport report = _reports.Single();
        return (report.InitDuration!.Value, report.InitDuration.Value + report.Duration);
    }

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    private static async Task InvokeAsync(IFunctionLane lane, ReadOnlyMemory<byte> eventJson, int count)
    {
        for (int i = 0; i < count; i++)
        {
            FunctionResult result = await lane.InvokeAsync(eventJson, new FunctionInvocation(Guid.NewGuid(), "arn:aws:lambda:us-east-1:000000000000:function:NoOp"), CancellationToken.None);
            if (result is not FunctionResult.Succeeded)
                throw new InvalidOperationException(result.ToString());
        }
    }
}
