using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>
/// kill -9 at random moments, on the same folder again and again, while four writers put over HTTP and a mapping reads: no
/// acknowledged record is lost, none is there twice, numbers ascend, and no checkpoint is ahead of the records.
/// </summary>
/// <remarks>Real time, since it is about a real process. LAMBDA_STREAM_KILL_ROUNDS and LAMBDA_STREAM_KILL_SEED change rounds and moments.</remarks>
public sealed class KillTests : IDisposable
{
    private const int Writers = 4;
    private const int RoundsDefault = 8;                       // of which each starts a process and reads all of the folder; .ci/soak makes 200

    private readonly Workspace _workspace = new();

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_by_kill_9()
    {
        int rounds = FromEnvironment("LAMBDA_STREAM_KILL_ROUNDS") ?? RoundsDefault;
        int seed = FromEnvironment("LAMBDA_STREAM_KILL_SEED") ?? Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds, LAMBDA_STREAM_KILL_SEED={seed}");
        var moments = new Random(seed);
        var records = new FoundRecords(_workspace.PathOf("data"));
        string config = Configure();
        long acknowledged = 0;
        for (int round = 1; round <= rounds; round++)
        {
            IReadOnlyList<Acknowledged> acks = await PutUntilKilledAsync(config, round, TimeSpan.FromMilliseconds(moments.Next(20, 600)));
            acknowledged += acks.Count;

            string? wrong = records.Check(acks);

            Assert.True(wrong is null, $"Round {round}, LAMBDA_STREAM_KILL_SEED={seed}: {wrong}");
        }
        Assert.True(acknowledged > rounds, "Writers were acknowledged.");
        Assert.True(records.Checkpoints > 0, "There were checkpoints to look at.");
        TestContext.Current.SendDiagnosticMessage($"{acknowledged} records were acknowledged, {records.Count} were found.");
    }

    [Fact]
    public async Task A_second_run_on_the_same_folder_is_refused_and_a_third_one_goes_on()
    {
        string config = Configure();
        await using (LambdaStream first = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data"))
        {
            Uri endpoint = await first.EndpointAsync();
            Assert.Contains($"Streams and checkpoints are kept in {_workspace.PathOf("data")}", first.Said, StringComparison.Ordinal);
            await new KinesisWriter(endpoint, 0, 0).PutOnceAsync();

            (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "run", "--config", config, "--port", "0", "--data", "data");

            Assert.Equal(3, exitCode);
            Assert.Contains($"'{_workspace.PathOf("data")}' is in use by another process", error, StringComparison.Ordinal);
            await first.SignalAsync("KILL");
            await first.ExitAsync();
        }

        (int drained, string json, string said) = await LambdaStream.RunAsync(
            _workspace, "run", "--config", config, "--port", "0", "--data", "data", "--until-drained", "--json");
        Assert.True(drained == 0, said);
        Assert.InRange(LambdaStream.Count(LambdaStream.MappingOf(json), "records"), 0, 1);  // settled by the first run, or by this one
    }

    public void Dispose() => _workspace.Dispose();

    internal static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    private string Configure() => _workspace.Write("runner.json", JsonSerializer.Serialize(new
    {
        Streams = new { clicks = new { ShardCount = 4 } },
        Functions = new { Clicks = new { CodeUri = Workspace.DllOf("OddFunctions"), Handler = Workspace.Odd + "Succeed" } },
        EventSourceMappings = new[]
        {
            new { EventSourceArn = "clicks", FunctionName = "Clicks", StartingPosition = "TRIM_HORIZON", ParallelizationFactor = 2 },
        },
    }));

    private async Task<IReadOnlyList<Acknowledged>> PutUntilKilledAsync(string config, int round, TimeSpan life)
    {
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data");
        Uri endpoint = await program.EndpointAsync();
        KinesisWriter[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new KinesisWriter(endpoint, round, writer))];
        Task[] writing = [.. writers.Select(writer => Task.Run(writer.PutUntilRefusedAsync))];
        await Task.WhenAny(writers.Select(writer => writer.FirstAcknowledged).Concat(writing));
        await Task.Delay(life, TimeProvider.System, TestContext.Current.CancellationToken);
        await program.SignalAsync("KILL");
        await program.ExitAsync();
        await Task.WhenAll(writing);
        return [.. writers.SelectMany(writer => writer.Acknowledged)];
    }
}
