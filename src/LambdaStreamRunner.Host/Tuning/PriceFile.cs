using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Tuning;

/// <summary>Reads price tables. The one of config/prices.json is part of the program, so that it has one wherever it is installed.</summary>
internal static class PriceFile
{
    private const string Resource = "prices.json";

    private static readonly string[] Prices =
    [
        nameof(RegionPrices.LambdaMillionRequests), nameof(RegionPrices.LambdaGbSecondX86), nameof(RegionPrices.LambdaGbSecondArm),
        nameof(RegionPrices.KinesisShardHour), nameof(RegionPrices.KinesisMillionPutUnits), nameof(RegionPrices.FanOutShardHour), nameof(RegionPrices.FanOutGb),
    ];

    /// <summary>A file, or what is part of the program.</summary>
    /// <exception cref="FormatException">It is no price table; the message says why.</exception>
    public static PriceTable Read(string? file)
    {
        if (file is not null)
            return Of(StrictJson.Read(file), file);
        using Stream stream = typeof(PriceFile).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return Of(StrictJson.Parse(reader.ReadToEnd(), Resource), Resource);
    }

    private static PriceTable Of(JsonElement root, string file)
    {
        StrictJson.CheckNames(root, file, ["Date", "Currency", "Source", "Regions"]);
        if (!DateOnly.TryParseExact(TextOf(root, "Date", file), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
            throw new FormatException($"{file}: Date is the day of the prices, such as 2026-11-01.");
        if (TextOf(root, "Currency", file) is not "USD")
            throw new FormatException($"{file}: Currency can be USD only; convert the prices.");
        if (!root.TryGetProperty("Regions", out JsonElement regions) || regions.ValueKind is not JsonValueKind.Object)
            throw new FormatException($"{file}: Regions is missing: an object with AWS's name of each region, such as \"us-east-1\".");
        return new PriceTable(date, "USD", TextOf(root, "Source", file), regions.EnumerateObject().ToImmutableSortedDictionary(
            region => region.Name, region => PricesOf(region.Value, $"{file}: Regions.{region.Name}"), StringComparer.OrdinalIgnoreCase));
    }

    private static RegionPrices PricesOf(JsonElement region, string place)
    {
        if (region.ValueKind is not JsonValueKind.Object)
            throw new FormatException($"{place} is no object of prices; it takes {string.Join(", ", Prices)}.");
        StrictJson.CheckNames(region, place, Prices);
        double Price(string name) => region.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out double price) && price is >= 0 and < 1e6
            ? price
            : throw new FormatException($"{place}: {name} is missing or no price; it takes US dollars, 0 or more.");
        return new RegionPrices
        {
            LambdaMillionRequests = Price(nameof(RegionPrices.LambdaMillionRequests)),
            LambdaGbSecondX86 = Price(nameof(RegionPrices.LambdaGbSecondX86)),
            LambdaGbSecondArm = Price(nameof(RegionPrices.LambdaGbSecondArm)),
            KinesisShardHour = Price(nameof(RegionPrices.KinesisShardHour)),
            KinesisMillionPutUnits = Price(nameof(RegionPrices.KinesisMillionPutUnits)),
            FanOutShardHour = Price(nameof(RegionPrices.FanOutShardHour)),
            FanOutGb = Price(nameof(RegionPrices.FanOutGb)),
        };
    }

    private static string TextOf(JsonElement root, string name, string file) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : throw new FormatException($"{file}: {name} is missing; it is a text.");
}
