using LambdaStreamRunner.Core.Tests.House;

namespace LambdaStreamRunner.Testing.Tests.House;

/// <summary>What the testing library offers changes only when somebody says so: other people's tests are written with it.</summary>
public class PublicApiOfTesting
{
    [Fact]
    public void The_public_api_is_the_approved_one() =>
        ApprovedApi.Check(typeof(StreamTest).Assembly, "LambdaStreamRunner.Testing.Tests", "House/PublicApiOfTesting.approved.txt");
}
