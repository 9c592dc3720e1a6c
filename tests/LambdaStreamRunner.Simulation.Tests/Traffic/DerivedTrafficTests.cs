using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Simulation.Tests.Traffic;

public class DerivedTrafficTests
{
    private static readonly RecordedTraffic Three = new("three.csv", [At(0), At(10), At(30)]);

    [Fact]
    public void A_speed_divides_times() => Assert.Equal([0, 1, 3], Seconds(Three.AtSpeed(10)));

    [Fact]
    public void A_speed_below_one_slows_down() => Assert.Equal([0, 20, 60], Seconds(Three.AtSpeed(0.5)));

    [Fact]
    public void A_part_begins_at_zero_and_ends_before_its_end() => Assert.Equal([0], Seconds(Three.Between(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30))));

    [Fact]
    public void Repeating_puts_one_time_after_the_other() =>
        Assert.Equal([0, 10, 30, 40, 50, 70], Seconds(Three.Repeated(2, TimeSpan.FromSeconds(40))));

    [Fact]
    public void Each_says_what_it_is()
    {
        Assert.Equal("three.csv, 3 records in 30 s", Three.Description);
        Assert.Equal("three.csv, 3 records in 30 s, sped up 100x to 300 ms", Three.AtSpeed(100).Description);
    }

    [Fact]
    public void Records_out_of_order_are_refused() => Assert.Contains(
        "sort them by time first", Assert.Throws<ArgumentException>(() => new RecordedTraffic("bad", [At(2), At(1)])).Message, StringComparison.Ordinal);

    private static Arrival At(int second) => new(TimeSpan.TicksPerSecond * second, 1, 1, 1);

    private static double[] Seconds(StreamTraffic traffic) => [.. traffic.All().Select(arrival => arrival.Time.TotalSeconds)];
}
