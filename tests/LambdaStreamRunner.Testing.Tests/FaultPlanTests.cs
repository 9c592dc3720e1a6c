namespace LambdaStreamRunner.Testing.Tests;

public class FaultPlanTests
{
    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_rate_is_from_0_to_1(double rate)
    {
        Func<double, FaultPlan>[] rated =
        [
            Faults.HandlerThrows, Faults.HandlerTimesOut, Faults.Throttles, Faults.FalseReports, Faults.EffectFails, Faults.ReadThrottling, Faults.ExpiredIterators,
            Faults.ProducerRepeats, Faults.DestinationRefuses,
        ];

        Assert.All(rated, fault => Assert.Contains("A rate is from 0 (never) to 1 (always).", Assert.Throws<ArgumentOutOfRangeException>(() => fault(rate)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void A_fault_strikes_at_most_100_times(int times)
    {
        Func<int, FaultPlan>[] counted = [Faults.RunnerCrash, Faults.Reshard, Faults.ClockJump];

        Assert.All(counted, fault => Assert.Contains("It can be 0 to 100.", Assert.Throws<ArgumentOutOfRangeException>(() => fault(times)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_latency_is_from_its_least_to_its_most()
    {
        Assert.Contains("It can be 0 to 5.", Assert.Throws<ArgumentOutOfRangeException>(() => Faults.HandlerLatency(6, 5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Faults.HandlerLatency(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Faults.EffectLatency(900_001));
        Assert.Throws<ArgumentOutOfRangeException>(() => Faults.CheckpointLatency(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Faults.DestinationLatency(900_001));
    }

    [Fact]
    public void A_wrong_argument_is_named_by_its_fault() =>
        Assert.Equal("HandlerThrows", Assert.Throws<ArgumentOutOfRangeException>(() => Faults.HandlerThrows(2)).ParamName);
}
