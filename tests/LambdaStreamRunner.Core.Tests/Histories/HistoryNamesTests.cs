using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Histories;

public class HistoryNamesTests
{
    private const string Shard = "shardId-000000000000";

    private static readonly StreamRecord[] Records = [Some.Record(1, "A"), Some.Record(2, "B"), Some.Record(3, "A")];

    [Fact]
    public void A_message_names_records_and_invocations_as_the_time_line_does()
    {
        var names = new HistoryNames(Steps(new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8])));

        Assert.Equal(
            "inv 2 has record A#2 while inv 1 runs; BatchSize is 100.",
            names.In($"invocation {new Guid(2, 0, 0, new byte[8])} has record {Records[2]} while invocation {new Guid(1, 0, 0, new byte[8])} runs; BatchSize is 100."));
    }

    [Fact]
    public void Of_retries_with_one_request_id_the_last_one_up_to_the_step_is_meant()
    {
        var id = new Guid(1, 0, 0, new byte[8]);
        var names = new HistoryNames(Steps(id, id));

        Assert.Equal(["inv 1", "inv 1", "inv 2"], ((int?[])[null, 3, 4]).Select(step => names.In($"invocation {id}", step)));
    }

    [Fact]
    public void What_is_no_name_of_the_history_stays_as_it_is()
    {
        string text = $"record B {Some.Number(77)}, {Guid.Empty}, shardId-000000000002";

        Assert.Equal(text, new HistoryNames(Steps(new Guid(1, 0, 0, new byte[8]))).In(text));
    }

    private static HistoryStep[] Steps(params Guid[] invocations) =>
    [
        .. Records.Select(record => new HistoryStep.RecordArrived(Some.Time, Shard, record)),
        .. invocations.Select(id => new HistoryStep.InvocationStarted(Some.Time, Shard, 0, id, 1, Records)),
    ];
}
