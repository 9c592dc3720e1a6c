using System.Collections.Immutable;
using CsCheck;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Simulation.Tests.Tuning;

public class DominanceTests
{
    private static readonly Gen<TunedPoint> Points =
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[0, 3], Gen.Int[1, 5]).Select(at => Some.Point(at.Item1, at.Item2 * 50, at.Item3, at.Item4));

    [Fact]
    public void No_point_of_a_frontier_dominates_another() =>
        Points.Array[0, 60].Sample(points =>
        {
            ImmutableArray<TunedPoint> frontier = Dominance.Frontier(points);
            Assert.All(frontier, one => Assert.DoesNotContain(frontier, other => Dominance.Dominates(other, one)));
        });

    [Fact]
    public void What_is_left_out_is_beaten_by_a_point_of_the_frontier_within_the_tolerances() =>
        Points.Array[1, 60].Sample(points =>
        {
            ImmutableArray<TunedPoint> frontier = Dominance.Frontier(points);
            Assert.All(points.Except(frontier), left => Assert.Contains(frontier, one =>
                one.Cost.Total <= left.Cost.Total * 1.01 && one.IteratorAgeP99.Mean <= left.IteratorAgeP99.Mean * 1.05
                && one.DuplicatesPerThousand.Mean <= left.DuplicatesPerThousand.Mean && one.PeakConcurrency.Mean <= left.PeakConcurrency.Mean));
        });

    [Fact]
    public void The_order_puts_what_beats_before_what_is_beaten() =>
        Points.Array[1, 60].Sample(points =>
        {
            int[] order = Dominance.Order(points);
            Assert.Equal(Enumerable.Range(0, points.Length), order.Order());
            for (int before = 0; before < order.Length; before++)
                Assert.DoesNotContain(order.Skip(before + 1), after => Dominance.Dominates(points[after], points[order[before]]));
        });

    [Fact]
    public void Who_gives_records_up_does_not_beat_who_keeps_them()
    {
        TunedPoint keeps = Some.Point(cost: 2);
        TunedPoint gives = Some.Point(cost: 1) with { LostPerThousand = Some.Exactly(5) };

        Assert.Equal([gives, keeps], Dominance.Frontier([keeps, gives]));
    }

    [Fact]
    public void The_knee_is_none_that_throws_healthy_records_away()
    {
        TunedPoint gives = Some.Point(cost: 1, age: 100) with { LostPerThousand = Some.Exactly(98) };
        TunedPoint keeps = Some.Point(cost: 1.5, age: 150) with { LostPerThousand = Some.Exactly(1) };
        TunedPoint dear = Some.Point(cost: 9, age: 140) with { LostPerThousand = Some.Exactly(1.05) };

        Assert.Equal(keeps, Dominance.Knee([gives, keeps, dear]));
    }

    [Fact]
    public void A_setting_that_is_not_stable_is_on_no_frontier() =>
        Assert.Empty(Dominance.Frontier([Some.Point(figures: Some.Figures with { IsStable = false })]));

    [Fact]
    public void The_knee_is_where_paying_more_begins_to_buy_little()
    {
        TunedPoint knee = Some.Point(cost: 1.2, age: 200);
        ImmutableArray<TunedPoint> frontier = [Some.Point(cost: 1, age: 5_000), knee, Some.Point(cost: 5, age: 150), Some.Point(cost: 10, age: 100)];

        Assert.Equal(knee, Dominance.Knee(frontier));
        Assert.Null(Dominance.Knee([]));
    }
}
