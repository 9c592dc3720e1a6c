using LambdaStreamRunner.Testing.Exploring;

namespace LambdaStreamRunner.Testing.Tests.Exploring;

public class ScheduleTests
{
    [Fact]
    public async Task A_schedule_that_is_named_is_the_run_that_was_explored()
    {
        var explored = new List<ulong>();
        await Test(explored).Explore(7).RunAsync();
        StreamTestException named = await Assert.ThrowsAsync<StreamTestException>(
            () => Test([]).Expect("is not the seventh", run => run.HistoryHash == explored[6] ? "it is" : null).Explore(7).RunAsync());
        Assert.Matches("^priorities-[0-9a-f]+-[0-9]+$", named.Schedule);
        File.Delete(named.ReplayFile!);

        var again = new List<ulong>();
        for (int nth = 0; nth < explored.Count; nth++)
            await Test(again).Schedule(nth == 6 ? named.Schedule! : Schedule.Nth(seed: 1, nth, int.Parse(named.Schedule!.Split('-')[2], System.Globalization.CultureInfo.InvariantCulture)).ToString()).RunAsync();

        Assert.Equal(7, explored.Distinct().Count());
        Assert.Equal(explored, again);
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
