using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Tests.Invoking;

public class HandlerThreadReserve
{
    [Fact]
    public void The_pool_keeps_a_thread_ready_for_every_lane_and_never_fewer_than_before()
    {
        HandlerThreads.Reserve(20);
        ThreadPool.GetMinThreads(out int workers, out _);
        Assert.True(workers >= 20 + Environment.ProcessorCount);

        HandlerThreads.Reserve(1);
        ThreadPool.GetMinThreads(out int still, out _);
        Assert.Equal(workers, still);
    }
}
