namespace LambdaStreamRunner.Testing.Tests.Consumers;

/// <summary>A project as a user of the package would have it.</summary>
/// <param name="Name">Of the project and its folder.</param>
/// <param name="References">Its packages, as elements of a project file.</param>
/// <param name="FileName">Of its only source file.</param>
/// <param name="Source">What stands there.</param>
internal sealed record ConsumerProject(string Name, string References, string FileName, string Source)
{
    private const string Library = """<PackageReference Include="LambdaStreamRunner.Testing" Version="$(LibraryVersion)" />""";
    private const string TestSdk = """<PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.11.0" />""";

    /// <summary>One for each test framework other than the one of this repository.</summary>
    public static ConsumerProject[] TestFrameworks { get; } =
    [
        new("OnXunit2", Library + TestSdk + """
            <PackageReference Include="xunit" Version="2.9.3" />
            <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
            """, "OrderTests.cs", Proofs("Xunit", ofClass: "", ofTest: "[Fact]")),
        new("OnNUnit", Library + TestSdk + """
            <PackageReference Include="NUnit" Version="4.6.1" />
            <PackageReference Include="NUnit3TestAdapter" Version="6.3.1" />
            """, "OrderTests.cs", Proofs("NUnit.Framework", ofClass: "[TestFixture]", ofTest: "[Test]")),
        new("OnMSTest", Library + TestSdk + """
            <PackageReference Include="MSTest.TestFramework" Version="4.5.2" />
            <PackageReference Include="MSTest.TestAdapter" Version="4.5.2" />
            """, "OrderTests.cs", Proofs("Microsoft.VisualStudio.TestTools.UnitTesting", ofClass: "[TestClass]", ofTest: "[TestMethod]")),
    ];

    /// <summary>A function that takes nothing but the analyzers. Amazon's interface stands in for its package, which not every registry carries.</summary>
    public static ConsumerProject Function { get; } = new(
        "Function",
        """<PackageReference Include="LambdaStreamRunner.Testing" Version="$(LibraryVersion)" PrivateAssets="all" IncludeAssets="analyzers" />""",
        "Function.cs",
        """
        namespace Amazon.Lambda.Core
        {
            public interface ILambdaContext { }
        }

        public class OrderFunction
        {
            public Task<DateTime> HandleAsync(Stream body, Amazon.Lambda.Core.ILambdaContext context) =>
                Task.Delay(1).ContinueWith(_ =>
                    DateTime.UtcNow);
        }
        """);

    /// <summary>All of them.</summary>
    public static ConsumerProject[] All { get; } = [.. TestFrameworks, Function];

    // A handler of the user's own types, so that no package of Amazon's is needed. The tests read the clock and wait as tests may.
    private static string Proofs(string framework, string ofClass, string ofTest) => $$"""
        using System.Text.Json.Serialization;
        using LambdaStreamRunner.Testing;
        using {{framework}};

        namespace Consumer;

        public record Batch([property: JsonPropertyName("Records")] List<BatchRecord> Records);
        public record BatchRecord([property: JsonPropertyName("kinesis")] PlacedOrder Order);
        public record PlacedOrder([property: JsonPropertyName("partitionKey")] string Id);

        public class OrderFunction(TimeProvider time)
        {
            public async Task HandleAsync(Batch batch)
            {
                foreach (BatchRecord record in batch.Records)
                {
                    if (record.Order.Id == "refused")
                        throw new InvalidOperationException("refused");
                    await Task.Delay(TimeSpan.FromMinutes(0.01), time);
                }
            }
        }

        {{ofClass}}
        public class OrderTests
        {
            {{ofTest}}
            public async Task Orders_keep_their_order()
            {
                DateTime began = DateTime.UtcNow;
                await Task.Delay(1);
                await StreamTest.For(environment => new OrderFunction(environment.Time).HandleAsync)
                    .Mapping(m => m with { BatchSize = 10, ParallelizationFactor = 4, BisectBatchOnFunctionError = true, MaximumRetryAttempts = 3 })
                    .Given(Records.Zipf(keys: 10, count: 100, perSecond: 50).Poison("order-3", nth: 2))
                    .Under(Faults.HandlerLatency(5, 200).Reshard(times: 1).RunnerCrash(times: 1))
                    .Explore(schedules: 10)
                    .Expect(Order.PerKeyFirstDelivery, Delivery.NothingLost, Checkpoints.NeverPassUnsettledWork)
                    .ExpectDiscarded("order-3#2")
                    .RunAsync();
            }

            {{ofTest}}
            public Task Nothing_is_lost() =>
                StreamTest.For(environment => new OrderFunction(environment.Time).HandleAsync)
                    .Mapping(m => m with { MaximumRetryAttempts = 1 })
                    .Given(Records.Of("accepted", "1", "2").Then(Records.Of("refused", "3")))
                    .Explore(schedules: 5)
                    .Expect(Delivery.NothingLost)
                    .RunAsync();
        }
        """;
}
