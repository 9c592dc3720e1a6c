using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Traffic;

public class JournalTrafficTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public void Records_come_by_their_arrival_on_the_stream_from_zero_on()
    {
        RecordedTraffic traffic = JournalTraffic.Of(new MappingHistory(
            new HistoryMapping { Name = "clicks → AccessLog" }, [Read(1, "b", arrival: 250, length: 7), Read(2, "aa", arrival: 0, length: 3)]))!;

        StreamRecord first = Read(2, "aa", 0, 3).Record;
        StreamRecord second = Read(1, "b", 250, 7).Record;
        Assert.Equal([new Arrival(0, first.KeyHash, 2, 3), new Arrival(2_500_000, second.KeyHash, 1, 7)], traffic.All());
        Assert.Equal("aa", traffic.NameOf(first.KeyHash));
        Assert.Equal("journal of clicks → AccessLog, 2 records in 250 ms", traffic.Description);
    }

    [Fact]
    public void A_journal_without_records_is_no_traffic() => Assert.Null(JournalTraffic.Of(new MappingHistory(new HistoryMapping(), [])));

    private static HistoryStep.RecordArrived Read(int number, string key, int arrival, int length) => new(
        Start.AddSeconds(5), "shardId-000000000000", StreamRecord.Create(key, new byte[length], SequenceNumber.Parse($"{number}"), Start.AddMilliseconds(arrival)));
}
