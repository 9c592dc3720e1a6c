using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Tests.Choosing;

public class ChoiceTreeTests
{
    [Fact]
    public void All_paths_are_walked_once_and_the_plainest_come_first()
    {
        var paths = new List<string>();
        var tree = new ChoiceTree();

        tree.Walk(chooser =>
        {
            int first = chooser.Choose(new Choice(ChoiceKind.Tie, 0, 0), 3);
            bool second = chooser.Strikes(new Choice(ChoiceKind.HandlerThrows, 0, 0), 0.5);
            int third = second ? chooser.Measure(new Choice(ChoiceKind.HandlerLatency, 0, 0), 0, 100) : 0;
            paths.Add($"{first} {second} {third}");
            return (ulong)paths.Count;
        });

        Assert.Equal(
            [
                "0 False 0", "0 True 0", "0 True 1", "0 True 50", "0 True 100", "1 False 0", "2 False 0", "1 True 0", "2 True 0",
                "1 True 1", "1 True 50", "1 True 100", "2 True 1", "2 True 50", "2 True 100",
            ], paths);
        Assert.True(tree.IsComplete);
    }

    [Fact]
    public void An_order_that_changes_nothing_is_tried_by_itself_only()
    {
        int runs = 0;
        var tree = new ChoiceTree();

        tree.Walk(chooser =>
        {
            runs++;
            for (int nth = 0; nth < 20; nth++)
                chooser.Choose(new Choice(ChoiceKind.Tie, 0, nth), 3);
            return 0;
        });

        Assert.Equal(1 + (20 * 2), runs);
        Assert.True(tree.IsComplete);
    }

    [Fact]
    public void A_walk_that_is_stopped_is_not_complete()
    {
        int runs = 0;
        var tree = new ChoiceTree();

        tree.Walk(chooser => chooser.Strikes(new Choice(ChoiceKind.Throttle, 0, 0), 1) || ++runs > 1 ? null : 0UL);

        Assert.False(tree.IsComplete);
    }
}
