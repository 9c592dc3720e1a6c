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

    // A handler of the user's own types, so that no package of Amazon's is needed.
    private static string Proofs(string framework, string ofClass, string ofTest) => $$"""
        using LambdaStreamRunner.Testing;
        using {{framework}};

        namespace Consumer;

        {{ofClass}}
        public class OrderTests
        {
            {{ofTest}}
            public async Task Orders_keep_their_order()
            {
                DateTime asked = DateTime.UtcNow;
                await Task.Delay(1);
                if (Records.Zipf(keys: 5, count: 20).Count != 20)
                    throw new StreamTestException("seed, replay");
            }

            {{ofTest}}
            public Task Nothing_is_lost() => throw new StreamTestException("seed, replay");
        }
        """;
}
