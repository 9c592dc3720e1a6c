using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Host.Tuning;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tests.Tuning;

public sealed class PriceFileTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_program_has_a_table_of_its_own()
    {
        RegionPrices prices = PriceFile.Read(null).Of("us-east-1");

        Assert.Equal((0.20, 0.0000166667, 0.015), (prices.LambdaMillionRequests, prices.LambdaGbSecondX86, prices.KinesisShardHour));
    }

    [Fact]
    public void A_file_takes_its_place()
    {
        string file = _workspace.Write("prices.json", Table.Replace("us-east-1", "eu-central-1", StringComparison.Ordinal));

        PriceTable table = PriceFile.Read(file);

        Assert.Equal("eu-central-1, list prices of 2026-02-03 in USD", table.NameIn("eu-central-1"));
        Assert.Equal(7, table.Of("eu-central-1").FanOutGb);
    }

    [Theory]
    [InlineData("\"FanOutGb\": 7", "\"FanOutGB\": 7", "unknown name 'FanOutGB'; the nearest is FanOutGb")]
    [InlineData("\"FanOutGb\": 7", "\"FanOutGb\": -7", "FanOutGb is missing or no price")]
    [InlineData(", \"FanOutGb\": 7", "", "FanOutGb is missing or no price")]
    [InlineData("2026-02-03", "yesterday", "Date is the day")]
    [InlineData("USD", "EUR", "USD only")]
    [InlineData("\"Regions\"", "\"Region\"", "the nearest is Regions")]
    [InlineData("{ \"Date\"", "[ \"Date\"", "is not JSON")]
    public void What_is_wrong_is_said_with_what_is_allowed(string right, string wrong, string expected)
    {
        string file = _workspace.Write("prices.json", Table.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(expected, Assert.Throws<FormatException>(() => PriceFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("nowhere.json", Assert.Throws<FormatException>(() => PriceFile.Read(_workspace.PathOf("nowhere.json"))).Message, StringComparison.Ordinal);

    private const string Table = """
        { "Date": "2026-02-03", "Currency": "USD", "Source": "a test", // and a comment
          "Regions": { "us-east-1": { "LambdaMillionRequests": 1, "LambdaGbSecondX86": 2, "LambdaGbSecondArm": 3, "KinesisShardHour": 4,
            "KinesisMillionPutUnits": 5, "FanOutShardHour": 6, "FanOutGb": 7 } } }
        """;
}
