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

    private HostedNoOp(FunctionCatalog catalog, FunctionConfiguration configuration, IFunction function) =>
        (_catalog, _configuration, _function) = (catalog, configuration, function);

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
    public static Task<HostedNoOp> OpenAsync(string runtime, string folder, string handler, int memorySizeMegabytes = 256) => OpenAsync(new FunctionConfiguration
    {
        Name = "NoOp",
        Arn = "arn:aws:lambda:us-east-1:000000000000:function:NoOp",
        CodeUri = folder,
        Handler = handler,
        Runtime = runtime,
        Hosting = FunctionHosting.Process,
        Timeout = TimeSpan.FromSeconds(60),
        MemorySizeMegabytes = memorySizeMegabytes,
    });

    /// <summary>A function of any configuration.</summary>
    public static async Task<HostedNoOp> OpenAsync(FunctionConfiguration configuration)
    {
        var catalog = new FunctionCatalog(TimeProvider.System, FunctionListener.Silent);
        return new HostedNoOp(catalog, configuration, await catalog.GetAsync(configuration, FunctionConfiguration.Latest, CancellationToken.None));
    }

    /// <summary>Invokes it in several lanes at once; invocations a second.</summary>
    public async Task<double> RateAsync(byte[] eventJson, int lanes, int countOfLane)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(() => InvokeAsync(_function.OpenLane(), eventJson, countOfLane))));
        return lanes * countOfLane / Stopwatch.GetElapsedTime(start).TotalSeconds;
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

    /// <summary>The first invocation of a new environment: seconds.</summary>
    public async Task<double> ColdAsync(byte[] eventJson)
    {
        await using IFunction cold = await _catalog.GetAnewAsync(_configuration, CancellationToken.None) ?? throw new InvalidOperationException("It cannot be started twice.");
        long start = Stopwatch.GetTimestamp();
        await InvokeAsync(cold.OpenLane(), eventJson, 1);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
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
