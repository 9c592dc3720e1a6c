using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Runner.RunnerApi;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.Tests.RunnerApi;

/// <summary>What the state of a run can hold.</summary>
public class RunStateTests
{
    [Fact]
    public void A_windows_state_may_be_nested_as_deep_as_a_functions_answer()
    {
        const int Depth = 999;                                // the answer around it is the thousandth
        string nested = string.Concat(Enumerable.Repeat("""{"a":""", Depth)) + "1" + new string('}', Depth);
        var open = new TumblingWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(1), Encoding.UTF8.GetBytes(nested));
        RunState.Shard shard = RunState.Shard.Of("shardId-000000000000", new ShardStatus(null, null, 0, []) { Window = open });
        var mapping = new RunState.Mapping("", "", "", "", "", "", new MappingSummary { Name = "", Function = "", Stream = "" }, [shard]);

        string written = JsonSerializer.Serialize(new RunState(DateTimeOffset.UnixEpoch, true, [], [mapping], []), RunStateJson.Default.RunState);

        Assert.Equal(Depth, written.Split("\"a\":").Length - 1);
    }
}
