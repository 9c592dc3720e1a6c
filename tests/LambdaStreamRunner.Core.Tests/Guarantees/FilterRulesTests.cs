using LambdaStreamRunner.Core.Guarantees;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;

namespace LambdaStreamRunner.Core.Tests.Guarantees;

public class FilterRulesTests
{
    private static readonly EventSourceMapping Unfiltered = new();

    private static readonly EventSourceMapping OnlyB = new() { FilterCriteria = FilterCriteria.Parse("""{"partitionKey":["B"]}""") };

    [Fact]
    public void Without_filters_nothing_is_filtered() => Assert.Equal(
        [ViolationKind.FilteredWrongly, ViolationKind.FilteredWrongly], ToldHistory.Of(Unfiltered).Arrives("A1 A2").Filters("A1 A2").Found);

    [Fact]
    public void A_record_that_a_filter_matches_is_not_filtered() =>
        Assert.Equal([ViolationKind.FilteredWrongly], ToldHistory.Of(OnlyB).Arrives("A1 B2").Filters("A1 B2").Finish());

    [Fact]
    public void A_record_that_no_filter_matches_is_not_delivered() =>
        Assert.Equal([ViolationKind.FilteredWrongly], ToldHistory.Of(OnlyB).Arrives("A1 B2").Succeeds(1, "A1 B2").Finish());

    [Fact]
    public void A_record_is_delivered_when_a_filter_matches_it_and_else_filtered() =>
        Assert.Empty(ToldHistory.Of(OnlyB).Arrives("A1 B2").Filters("A1").Succeeds(1, "B2").Finish());
}
