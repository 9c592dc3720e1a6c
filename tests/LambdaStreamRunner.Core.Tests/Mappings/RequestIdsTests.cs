using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Tests.Mappings;

public class RequestIdsTests
{
    [Fact]
    public void They_are_version_4_UUIDs_and_all_different()
    {
        var ids = new RequestIds(seed: 7);
        Guid[] some = [.. Enumerable.Range(0, 1_000).Select(_ => ids.Next())];

        Assert.All(some, id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id.ToString()));
        Assert.Equal(some.Length, some.Distinct().Count());
    }

    [Fact]
    public void The_same_seed_gives_the_same_ids()
    {
        (var one, var other, var different) = (new RequestIds(7), new RequestIds(7), new RequestIds(8));

        Guid first = one.Next();
        Assert.Equal(first, other.Next());
        Assert.NotEqual(first, different.Next());
    }
}
