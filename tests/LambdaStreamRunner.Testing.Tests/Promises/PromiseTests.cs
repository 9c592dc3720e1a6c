using LambdaStreamRunner.Core.Guarantees;


namespace LambdaStreamRunner.Testing.Tests.Promises;

public class PromiseTests
{
    public static TheoryData<ViolationKind> Kinds => [.. Enum.GetValues<ViolationKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_violation_breaks_exactly_one_promise(ViolationKind kind)
    {
        Promise promise = Assert.Single(Promise.All, promise => promise.Kinds.Contains(kind));

        Assert.Same(promise, Promise.Of(kind));
    }

    [Fact]
    public void A_promise_is_named_as_it_is_written_in_a_test()
    {
        Type[] classes = [typeof(Order), typeof(Delivery), typeof(Checkpoints), typeof(Batches)];
        (string Written, Promise Promise)[] written =
        [
            .. classes.SelectMany(type => type.GetProperties())
                .Where(property => property.PropertyType == typeof(Promise))
                .Select(property => ($"{property.DeclaringType!.Name}.{property.Name}", (Promise)property.GetValue(null)!)),
        ];

        Assert.All(written, one => Assert.Equal(one.Written, one.Promise.Name));
        Assert.Equal(written.Select(one => one.Promise), Promise.All);
    }

    [Fact]
    public void A_promise_says_where_AWS_makes_it() => Assert.All(Promise.All, promise =>
    {
        Assert.Equal("docs.aws.amazon.com", promise.Page.Host);
        Assert.EndsWith(".", promise.Sentence, StringComparison.Ordinal);
    });

    [Fact]
    public void A_violation_breaks_the_promise_of_its_kind()
    {
        var violation = new Violation(ViolationKind.OvertookUnsettled, default, null, "");

        Assert.True(Order.NoOvertaking.IsBrokenBy(violation));
        Assert.False(Order.Effects.IsBrokenBy(violation));
    }
}
