using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;

namespace LambdaStreamRunner.Core.Tests.Mappings.Batching;

public class BatchGathererTests
{
    private static readonly BatchGatherer Ten = new(new EventSourceMapping { BatchSize = 10 });
    private static readonly DateTimeOffset WindowEnd = Some.Time;
    private static readonly DateTimeOffset Early = WindowEnd.AddTicks(-1);

    [Fact]
    public void Nothing_is_no_batch() =>
        Assert.Null(Ten.WhyClose(default, WindowEnd, WindowEnd, FlushReason.Drain));

    [Fact]
    public void Too_few_wait_for_the_window() =>
        Assert.Null(Ten.WhyClose(new Waiting(9, 1_000), Early, WindowEnd, noMoreToCome: null));

    [Fact]
    public void The_end_of_the_window_closes() =>
        Assert.Equal(FlushReason.Window, Ten.WhyClose(new Waiting(1, 1_000), WindowEnd, WindowEnd, noMoreToCome: null));

    [Fact]
    public void Enough_records_close() =>
        Assert.Equal(FlushReason.Size, Ten.WhyClose(new Waiting(10, 1_000), Early, WindowEnd, noMoreToCome: null));

    [Theory]
    [InlineData(0, FlushReason.Payload)]
    [InlineData(-1, null)]
    public void An_event_of_the_limit_closes(int more, object? reason)
    {
        // Two records: envelope, both, and a comma between them.
        var waiting = new Waiting(2, KinesisEventFormat.EventLengthMax - KinesisEventFormat.EnvelopeLength - 1 + more);

        Assert.Equal(reason, Ten.WhyClose(waiting, Early, WindowEnd, noMoreToCome: null));
    }

    [Fact]
    public void When_nothing_can_join_there_is_no_reason_to_wait() =>
        Assert.Equal(FlushReason.ShardEnd, Ten.WhyClose(new Waiting(1, 1_000), Early, WindowEnd, FlushReason.ShardEnd));
}
