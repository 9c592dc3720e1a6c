using LambdaStreamRunner.Simulation.Meters;

namespace LambdaStreamRunner.Simulation.Tests.Meters;

public class LittlesLawTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void A_run_that_counts_right_keeps_it()
    {
        LittlesLaw law = TwoRecords(settledTwice: false);

        law.Check(concurrencySeconds: 3, records: 2, arrivals: 1 * Second);
    }

    [Fact]
    public void A_record_that_is_settled_twice_breaks_it() =>
        Assert.Throws<InvalidOperationException>(() => TwoRecords(settledTwice: true).Check(concurrencySeconds: 3, records: 2, arrivals: 1 * Second));

    [Fact]
    public void A_record_that_nobody_settled_breaks_it() =>
        Assert.Throws<InvalidOperationException>(() => TwoRecords(settledTwice: false).Check(concurrencySeconds: 3, records: 3, arrivals: 3 * Second));

    [Fact]
    public void An_invocation_that_was_not_seen_running_breaks_it() =>
        Assert.Throws<InvalidOperationException>(() => TwoRecords(settledTwice: false).Check(concurrencySeconds: 2, records: 2, arrivals: 1 * Second));

    // They arrive at 0 and 1 s, and are settled at 2 and 4 s by invocations of 1 and 2 s.
    private static LittlesLaw TwoRecords(bool settledTwice)
    {
        var law = new LittlesLaw(start: 0);
        law.Ran(1 * Second);
        law.Resolved(1, 0, now: 2 * Second);
        if (settledTwice)
            law.Resolved(1, 0, now: 3 * Second);
        law.Ran(2 * Second);
        law.Resolved(1, 1 * Second, now: 4 * Second);
        return law;
    }
}
