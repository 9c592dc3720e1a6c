using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>What Core offers changes only when somebody says so.</summary>
public class PublicApiOfCore
{
    [Fact]
    public void The_public_api_is_the_approved_one() =>
        ApprovedApi.Check(typeof(ShardMachine).Assembly, "LambdaStreamRunner.Core.Tests", "House/PublicApiOfCore.approved.txt");
}
