using System.CommandLine;
using LambdaStreamRunner.Host.Tuning;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>The part of a command line that says what things cost.</summary>
internal sealed class PriceOptions
{
    public Option<string> Region { get; } = new("--region") { Description = "The region of the price table.", DefaultValueFactory = _ => "us-east-1", HelpName = "NAME" };

    public Option<string?> Prices { get; } = new("--prices") { Description = "A price table; without it, that of config/prices.json which the program was built with.", HelpName = "FILE" };

    public Option<string> Architecture { get; } = new("--architecture") { Description = "What the function's code is for.", DefaultValueFactory = _ => "x86_64", HelpName = "x86_64|arm64" };

    public IEnumerable<Option> All => [Region, Prices, Architecture];

    /// <summary>The prices with the name of their table; null after the mistake.</summary>
    public (RegionPrices Prices, string Name, Architecture Architecture)? Read(ParseResult parsed, Action<string> complain)
    {
        Architecture? architecture = parsed.GetValue(Architecture)!.ToUpperInvariant() switch
        {
            "X86_64" => Simulation.Tuning.Architecture.X86,
            "ARM64" => Simulation.Tuning.Architecture.Arm,
            _ => null,
        };
        if (architecture is not { } known)
        {
            complain($"--architecture is '{parsed.GetValue(Architecture)}'; it takes x86_64 or arm64.");
            return null;
        }
        try
        {
            PriceTable table = PriceFile.Read(parsed.GetValue(Prices));
            string region = parsed.GetValue(Region)!;
            return (table.Of(region), table.NameIn(region), known);
        }
        catch (Exception wrong) when (wrong is FormatException or KeyNotFoundException)
        {
            complain(wrong.Message);
            return null;
        }
    }
}
