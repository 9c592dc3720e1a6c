using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>
/// Everything at once: ParallelizationFactor 10, bisecting, records that fail once and records that fail always, two
/// reshards and two kill -9, on a folder. Nothing is lost, no key loses its order, and what comes twice lies between the
/// checkpoint and the last delivery.
/// </summary>
/// <remarks>Real time, since it is about a real process. LAMBDA_STREAM_LONG_RUN_RECORDS makes it longer.</remarks>
public sealed class LongRunTests : IDisposable
{
    private const int RecordsDefault = 20_000;
    private const int RecordsOfPut = 500;
    private const int Keys = 1_000;
    private const int AlwaysFails = 10_000;                   // one record in so many
    private const int FailsOnce = 100;

    private readonly Workspace _workspace = new();
    private readonly KinesisCaller _kinesis = new();

    [Fact]
    public async Task Nothing_is_lost_or_out_of_order_through_failures_reshards_and_kills()
    {
        int records = KillTests.FromEnvironment("LAMBDA_STREAM_LONG_RUN_RECORDS") ?? RecordsDefault;
        string config = Configure();
        int[] steps = [.. Enumerable.Range(1, 5).Select(step => records * step / 5 / RecordsOfPut * RecordsOfPut)];
        List<LifeStart> starts = [];
        int put = 0;
        for (int life = 0; life < 2; life++)
        {
            starts.Add(ReadStart());
            await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data");
            Uri endpoint = await program.EndpointAsync();
            put = await PutAsync(endpoint, put, steps[2 * life]);
            await _kinesis.UpdateShardCountAsync(endpoint, life == 0 ? 12 : 8);
            put = await PutAsync(endpoint, put, steps[(2 * life) + 1]);
            await program.SignalAsync("KILL");
            await program.ExitAsync();
        }
        starts.Add(ReadStart());
        Summary summary = await FinishAsync(config, put, records);

        var history = new DeliveryHistory(_workspace.PathOf("deliveries"), _workspace.PathOf("failed.jsonl"));
        IReadOnlyDictionary<SequenceNumber, StoredRecord> stored = StoredRecord.ReadAll(_workspace.PathOf("data"));
        string? wrong = history.WhatIsWrong(stored, starts);

        Assert.True(wrong is null, wrong);
        Assert.Equal(records, stored.Count);
        Assert.Equal(0, summary.OrderViolations);
        TestContext.Current.SendDiagnosticMessage(
            $"{records} records, {history.Deliveries} deliveries, {history.Discarded} discarded, {history.Repeated} succeeded more than once; {summary.RecordsPerSecond} records/s in the last part.");
    }

    public void Dispose()
    {
        _kinesis.Dispose();
        _workspace.Dispose();
    }

    private async Task<Summary> FinishAsync(string config, int put, int records)
    {
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data", "--json");
        Uri endpoint = await program.EndpointAsync();
        await PutAsync(endpoint, put, records);
        await _kinesis.DrainedAsync(endpoint, program);
        await program.SignalAsync("TERM");
        Assert.Equal(1, await program.ExitAsync());           // records were discarded
        JsonElement mapping = LambdaStream.MappingOf(program.Out);
        return new Summary(
            LambdaStream.Count(mapping, "orderViolations"), JsonSerializer.Deserialize<JsonElement>(program.Out).GetProperty("recordsPerSecond").GetDouble());
    }

    private string Configure() => _workspace.Write("runner.json", JsonSerializer.Serialize(new
    {
        Streams = new { clicks = new { ShardCount = 8 } },
        Functions = new
        {
            Clicks = new
            {
                CodeUri = Workspace.DllOf("OddFunctions"),
                Handler = Workspace.Odd + "Stumble",
                Timeout = 60,
                Environment = new { Variables = new { DELIVERIES_FILE = _workspace.PathOf("deliveries") } },
            },
        },
        EventSourceMappings = new[]
        {
            new
            {
                EventSourceArn = "clicks", FunctionName = "Clicks", StartingPosition = "TRIM_HORIZON", BatchSize = 100, ParallelizationFactor = 10,
                BisectBatchOnFunctionError = true, MaximumRetryAttempts = 2, DestinationConfig = new { OnFailure = new { Destination = "file:failed.jsonl" } },
            },
        },
    }));

    private Task<int> PutAsync(Uri endpoint, int from, int to) => _kinesis.PutAsync(endpoint, from, to, Keys, ContentOf);

    private static string ContentOf(int number)
    {
        string kind = (number + 1) % AlwaysFails == 0 ? "always" : (number + 7) % FailsOnce == 0 ? "once" : "well";
        return string.Create(CultureInfo.InvariantCulture, $"{number} {kind}");
    }

    private LifeStart ReadStart()
    {
        string deliveries = _workspace.PathOf("deliveries");
        long length = 0;
        if (File.Exists(deliveries))
        {
            File.AppendAllText(deliveries, "\n");             // what was being written when the process was killed may be half a line
            length = new FileInfo(deliveries).Length;
        }
        return new LifeStart(length, Directory.Exists(_workspace.PathOf("data")) ? StoredRecord.ReadCheckpoints(_workspace.PathOf("data")) : []);
    }

    private sealed record Summary(long OrderViolations, double RecordsPerSecond);
}
