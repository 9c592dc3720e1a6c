using LambdaStreamRunner.Testing.Exploring;

namespace LambdaStreamRunner.Testing.Tests.Exploring;

public class ScheduleTests
{
    [Fact]
    public async Task A_schedule_that_is_named_is_the_run_that_was_explored()
    {
        var explored = new List<ulong>();
        await Test(explored).Explore(6).RunAsync();

        var named = new List<ulong>();
        for (int nth = 0; nth < explored.Count; nth++)
            await Test(named).Schedule(Schedule.Nth(seed: 1, nth).ToString()).RunAsync();

        Assert.Equal(6, explored.Distinct().Count());
        Assert.Equal(explored, named);
    }

    [Fact]
    public async Task A_failure_that_depends_on_sequence_numbers_fails_again_by_the_name_of_its_schedule()
    {
        StreamTest Refusing() => Test([]).Expect("no number ends in an odd digit", run => run.Calls.Any(call => call.Records.ToArray().Any(IsOdd)) ? "one does" : null);
        StreamTestException found = await Assert.ThrowsAsync<StreamTestException>(() => Refusing().Explore(50).RunAsync());

        StreamTestException again = await Assert.ThrowsAsync<StreamTestException>(() => Refusing().Schedule(found.Schedule!).RunAsync());

        Assert.Equal(found.Schedule, again.Schedule);
        File.Delete(found.ReplayFile!);
    }

    private static bool IsOdd(Core.Streams.StreamRecord record) => (record.SequenceNumber.ToString()[^2] - '0') % 2 == 1;

    // A handler that all schedules share: they run one after the other.
    private static StreamTest Test(List<ulong> hashes) => StreamTest.For((Stream _) => { })
        .Given(Records.RoundRobin(2, 3))
        .Under(Faults.HandlerLatency(0, 1_000))
        .Expect("remembers", run =>
        {
            hashes.Add(run.HistoryHash);
            return null;
        });
}
