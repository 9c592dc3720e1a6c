using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Exploring;

namespace LambdaStreamRunner.Testing.Tests.Choosing;

public class ChooserTests
{
    private static readonly Choice[] Asked = [.. Enumerable.Range(0, 50).Select(nth => new Choice(ChoiceKind.HandlerLatency, nth % 5, nth))];

    [Theory]
    [InlineData("plain-1")]
    [InlineData("random-1f3a")]
    [InlineData("priorities-1f3a")]
    [InlineData("priorities-1f3a-250")]
    public void A_schedule_is_known_by_its_name_and_by_its_choices(string name)
    {
        var schedule = Schedule.Parse(name);
        Chooser first = schedule.CreateChooser();
        int[] chosen = [.. Asked.Select(choice => first.Measure(choice, choice.Subject, 1_000))];

        Chooser again = Schedule.Parse(schedule.ToString()).CreateChooser();
        var replay = new ReplayChooser(first.Taken);

        Assert.Equal(chosen, Asked.Select(choice => again.Measure(choice, choice.Subject, 1_000)));
        Assert.Equal(chosen, Asked.Select(choice => replay.Measure(choice, choice.Subject, 1_000)));
    }

    [Fact]
    public void What_is_plain_is_no_part_of_a_schedule()
    {
        Chooser plain = Schedule.Parse("plain-1").CreateChooser();

        Assert.All(Asked, choice => Assert.Equal(0, plain.Choose(choice, 3)));
        Assert.Empty(plain.Taken);
        Assert.Equal(Asked.Length, plain.Asked);
    }

    [Fact]
    public void Actors_have_priorities_which_are_their_speed()
    {
        var chooser = new PriorityChooser(seed: 7, depth: 1, moments: 100);

        Assert.All(Asked.GroupBy(choice => choice.Subject), actor => Assert.Single(actor.Select(choice => chooser.Measure(choice, choice.Subject, 1_000)).Distinct()));
    }

    [Fact]
    public void Priorities_are_also_the_order_of_what_is_due_at_the_same_time_until_they_change()
    {
        Choice[] ties = [.. Enumerable.Range(0, 60).Select(nth => new Choice(ChoiceKind.Tie, -1 - (nth % 3), nth))];
        int[] Ranks(ulong seed, int depth)
        {
            var chooser = new PriorityChooser(seed, depth, moments: 60);
            return [.. ties.Select(tie => chooser.Choose(tie, 3))];
        }

        int hasChanged = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            int[] ranks = Ranks(seed, depth: 1);
            int[] changed = Ranks(seed, depth: 2);
            Assert.All(Enumerable.Range(0, 60), nth => Assert.Equal(ranks[nth % 3], ranks[nth]));
            if (Enumerable.Range(0, 60).Where(nth => changed[nth] != ranks[nth]).ToArray() is not [int first, ..])
                continue;                                     // it was the last before
            hasChanged++;
            Assert.All(Enumerable.Range(first, 60 - first).Where(nth => nth % 3 == first % 3), nth => Assert.Equal(2, changed[nth]));
        }

        Assert.InRange(hasChanged, 5, 20);
    }

    [Fact]
    public void A_choice_is_written_and_read() => Assert.All(Asked, choice => Assert.Equal(choice, Choice.Parse(choice.ToString())));

    [Theory]
    [InlineData("")]
    [InlineData("Tie/1")]
    [InlineData("Dice/1/1")]
    [InlineData("1/1/1")]
    public void Other_texts_are_no_choices(string text) => Assert.Throws<FormatException>(() => Choice.Parse(text));

    [Theory]
    [InlineData("random")]
    [InlineData("random-xyz")]
    [InlineData("dice-1")]
    [InlineData("1-1f")]
    [InlineData("5-1f")]
    [InlineData("random- 1f")]
    [InlineData("random-1f-250")]
    public void Other_texts_name_no_schedule(string text) => Assert.Contains("one looks like random-1f3a", Assert.Throws<FormatException>(() => Schedule.Parse(text)).Message, StringComparison.Ordinal);
}
