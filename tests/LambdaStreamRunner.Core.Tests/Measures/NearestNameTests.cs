using CsCheck;
using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Core.Tests.Measures;

public class NearestNameTests
{
    private static readonly Gen<string> Word = Gen.Char["abc"].Array[0, 6].Select(letters => new string(letters));

    [Theory]
    [InlineData("clicks", "clicks", 0)]
    [InlineData("clicks", "", 6)]
    [InlineData("clicks", "click", 1)]
    [InlineData("clicks", "clikcs", 1)]
    [InlineData("clicks", "flocks", 2)]
    [InlineData("clicks", "CLICKS", 0)]
    public void Slips_are_letters_inserted_removed_replaced_or_swapped(string from, string to, int slips) =>
        Assert.Equal(slips, NearestName.Slips(from, to));

    [Fact]
    public void Slips_are_the_same_both_ways_and_none_only_between_equals() =>
        Gen.Select(Word, Word).Sample((from, to) =>
        {
            int slips = NearestName.Slips(from, to);
            Assert.Equal(slips, NearestName.Slips(to, from));
            Assert.Equal(from == to, slips == 0);
            Assert.InRange(slips, Math.Abs(from.Length - to.Length), Math.Max(from.Length, to.Length));
        });

    [Fact]
    public void The_nearest_candidate_wins() => Assert.Equal("orders", NearestName.To("order", ["clicks", "borders", "orders"]));

    [Fact]
    public void The_beginning_of_a_long_name_means_it_when_no_other_begins_so()
    {
        Assert.Equal("MaximumRetryAttempts", NearestName.To("MaximumRetry", ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"]));
        Assert.Null(NearestName.To("Maximum", ["MaximumRetryAttempts", "MaximumRecordAgeInSeconds"]));
    }

    [Fact]
    public void Something_quite_different_is_not_suggested() => Assert.Null(NearestName.To("payments", ["clicks", "orders"]));
}
