using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Tests.Worlds;

/// <summary>Each choice has a name of its own, or one would decide about several things.</summary>
public class TimerChoiceTests
{
    private const int Timers = 1_500;

    [Fact]
    public void No_two_of_many_timers_share_a_choice()
    {
        int calls = 0;
        var chooser = new RememberingChooser();
        var scenario = new TestScenario
        {
            HandlerOf = environment =>
            {
                environment.Time.CreateTimer(_ => { }, null, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
                return HandlerBinder.Bind(async (Stream _) =>
                {
                    await Task.WhenAll(Enumerable.Range(0, Timers).Select(_ => Task.Delay(TimeSpan.FromMilliseconds(5), environment.Time)));
                    if (++calls == 1)
                        throw new InvalidOperationException("The first try fails.");
                });
            },
            Records = [.. Records.Of("order-1", "placed")],
        };

        new TestWorld(scenario, chooser, seed: 1).RunToTheEnd();

        Assert.Equal(2, calls);
        Assert.True(chooser.Ties.Count > 2 * Timers);
        Assert.Distinct(chooser.Ties);
    }

    private sealed class RememberingChooser : Chooser
    {
        public List<Choice> Ties { get; } = [];

        protected override int PickOne(in Choice choice, int count)
        {
            if (choice.Kind is ChoiceKind.Tie)
                Ties.Add(choice);
            return 0;
        }

        protected override int PickMeasure(in Choice choice, long actor, int max) => 0;

        protected override bool PickFault(in Choice choice, double rate) => false;
    }
}
