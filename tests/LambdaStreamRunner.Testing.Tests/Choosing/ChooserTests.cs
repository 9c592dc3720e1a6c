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
    public void A_choice_is_written_and_read() => Assert.All(Asked, choice => Assert.Equal(choice, Choice.Parse(choice.ToString())));

    [Theory]
    [InlineData("")]
    [InlineData("Tie/1")]
    [InlineData("Dice/1/1")]
    public void Other_texts_are_no_choices(string text) => Assert.Throws<FormatException>(() => Choice.Parse(text));

    [Theory]
    [InlineData("random")]
    [InlineData("random-xyz")]
    [InlineData("dice-1")]
    public void Other_texts_name_no_schedule(string text) => Assert.Contains("one looks like random-1f3a", Assert.Throws<FormatException>(() => Schedule.Parse(text)).Message, StringComparison.Ordinal);
}
