using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A handler model in a JSON file, as <c>measure --out</c> writes it and <c>--handler-model</c> reads it.</summary>
/// <param name="Model">The model; it holds at its MemorySize.</param>
/// <param name="MemoryCurve">How it changes with the MemorySize; null when nobody measured that.</param>
internal sealed record HandlerModelFile(HandlerModel Model, MemoryCurve? MemoryCurve)
{
    /// <summary>Records that always made the function fail while it was measured; null when nobody counted them.</summary>
    public FailingRecords? Failing { get; init; }

    /// <summary>The error of the worst batch size or of a typical invocation, whichever is larger, as the file tells it: 0.05 is 5 %; null when it tells none.</summary>
    public double? FitError { get; init; }

    /// <summary>The format that is written and read.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file's text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="curve">How it changes with the MemorySize; null when that is not known.</param>
    /// <param name="measured">Where it comes from; null when it was not measured.</param>
    public static string Write(HandlerModel model, MemoryCurve? curve, MeasuringResult? measured)
    {
        var document = new Document
        {
            Version = Version,
            Expression = HandlerModelExpression.Write(model),
            FixedMs = model.Fixed.TotalMilliseconds,
            PerRecordMs = model.PerRecord.TotalMilliseconds,
            Variation = [.. model.Variation.Select(ratio => Math.Round(ratio, 5))],
            SlowDowns = [.. model.SlowDowns.Select(slow => new DocumentSlowDown(slow.Concurrency, Math.Round(slow.Factor, 4)))],
            ColdStartsMs = [.. model.ColdStarts.Select(cold => cold.TotalMilliseconds)],
            MemorySize = model.MemorySize,
            TimeoutSeconds = model.Timeout.TotalSeconds,
            MemoryCurve = curve is null ? null : [.. curve.Points.Select(point => new DocumentPoint(point.MemorySize, point.DurationMs))],
            FailingRecords = measured?.Screened,
            Fit = measured is null ? null : DocumentFit.Of(measured),
        };
        return JsonSerializer.Serialize(document, Options);
    }

    /// <summary>Reads a file's text; null with every mistake at once.</summary>
    public static HandlerModelFile? Read(string json, out ImmutableArray<string> mistakes)
    {
        Document document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Options) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException wrong)
        {
            mistakes = [$"is no handler model: {wrong.Message} Write one with lambda-stream measure --out."];
            return null;
        }
        List<string> found = [.. MistakesIn(document)];
        MemoryCurve? curve = null;
        if (document.MemoryCurve is { } points
            && !LambdaStreamRunner.Simulation.Modelling.MemoryCurve.TryCreate(points.Select(point => new MemoryPoint(point.MemorySize, point.DurationMs)), out curve, out string? mistake))
            found.Add($"memoryCurve: {mistake}.");
        mistakes = [.. found];
        return found.Count > 0 ? null : new HandlerModelFile(document.ToModel(), curve) { Failing = document.FailingRecords, FitError = document.Fit is { } fit ? Math.Max(fit.MedianErrorPercent, fit.WorstErrorPercent) / 100 : null };
    }

    private static IEnumerable<string> MistakesIn(Document document)
    {
        if (document.Version != Version)
        {
            yield return $"has version {document.Version}, and this program reads version {Version}. Measure again.";
            yield break;
        }
        if (!IsDuration(document.FixedMs) || !IsDuration(document.PerRecordMs) || document.FixedMs + document.PerRecordMs <= 0)
            yield return $"fixedMs is {document.FixedMs} and perRecordMs {document.PerRecordMs}; both can be 0 to {DurationMsMax}, and one of them must be above 0.";
        if (document.Variation.Any(ratio => !(ratio >= 0) || ratio > RatioMax) || (document.Variation.Length > 0 && document.Variation.Sum() == 0))
            yield return $"variation holds measured ÷ fitted durations: numbers from 0 to {RatioMax}, not all of them 0.";
        if (document.SlowDowns.Any(slow => slow.Concurrency < 1 || !(slow.Factor >= 1) || slow.Factor > RatioMax))
            yield return $"slowDowns holds a concurrency of 1 or more, and a factor of 1 to {RatioMax}.";
        if (document.ColdStartsMs.Any(cold => !IsDuration(cold)))
            yield return $"coldStartsMs holds milliseconds, 0 to {DurationMsMax}.";
        if (document.MemorySize is < 128 or > 10_240)
            yield return $"memorySize is {document.MemorySize}; it can be 128 to 10240 MB.";
        if (document.TimeoutSeconds is not (> 0 and <= 900))
            yield return $"timeoutSeconds is {document.TimeoutSeconds}; it must be above 0, and at most 900.";
        if (document.FailingRecords is { } failing && !(failing.Of > 0 && failing.Count >= 0 && failing.Count <= failing.Of))
            yield return $"failingRecords has count {failing.Count} of {failing.Of}; the count can be 0 to as many as there were, and there was one at least.";
    }

    private const double DurationMsMax = 900_000;
    private const double RatioMax = 100_000;

    private static bool IsDuration(double milliseconds) => milliseconds is >= 0 and <= DurationMsMax;

    [SuppressMessage("Performance", "CA1812", Justification = "Made by the serializer.")]
    private sealed record Document
    {
        public required int Version { get; init; }

        public string? Expression { get; init; }

        public required double FixedMs { get; init; }

        public double PerRecordMs { get; init; }

        [JsonConverter(typeof(NumbersInOneLine))]
        public ImmutableArray<double> Variation { get; init => field = value.IsDefault ? [] : value; } = [];

        public ImmutableArray<DocumentSlowDown> SlowDowns { get; init => field = value.IsDefault ? [] : value; } = [];

        [JsonConverter(typeof(NumbersInOneLine))]
        public ImmutableArray<double> ColdStartsMs { get; init => field = value.IsDefault ? [] : value; } = [];

        public int MemorySize { get; init; } = 128;

        public double TimeoutSeconds { get; init; } = 3;

        public ImmutableArray<DocumentPoint>? MemoryCurve { get; init; }

        public FailingRecords? FailingRecords { get; init; }

        public DocumentFit? Fit { get; init; }

        public HandlerModel ToModel() => new()
        {
            Fixed = TimeSpan.FromMilliseconds(FixedMs),
            PerRecord = TimeSpan.FromMilliseconds(PerRecordMs),
            Variation = [.. Variation.Order()],
            SlowDowns = [.. SlowDowns.OrderBy(slow => slow.Concurrency).Select(slow => new SlowDown(slow.Concurrency, slow.Factor))],
            ColdStarts = [.. ColdStartsMs.Order().Select(cold => TimeSpan.FromMilliseconds(cold))],
            MemorySize = MemorySize,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
        };
    }

    // Hundreds of numbers, each in a line of its own, would hide what else is in the file.
    private sealed class NumbersInOneLine : JsonConverter<ImmutableArray<double>>
    {
        public override ImmutableArray<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            [.. JsonSerializer.Deserialize<double[]>(ref reader, options) ?? []];

        public override void Write(Utf8JsonWriter writer, ImmutableArray<double> value, JsonSerializerOptions options) =>
            writer.WriteRawValue($"[{string.Join(", ", value.Select(number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}]");
    }

    private sealed record DocumentSlowDown(int Concurrency, double Factor);

    private sealed record DocumentPoint(int MemorySize, double DurationMs);

    private sealed record DocumentSize(int Records, int Invocations, double MedianMs, double P95Ms, double FittedMs, double ErrorPercent);

    private sealed record DocumentFit(
        string Function, int Invocations, double MedianErrorPercent, double? RSquared, int WorstBatchSize, double WorstErrorPercent, ImmutableArray<DocumentSize> Sizes)
    {
        public static DocumentFit Of(MeasuringResult measured)
        {
            FitError error = measured.Fit.Error;
            return new DocumentFit(
                measured.Function, measured.Measurements.Length, Percent(error.Median), error.RSquared is { } r ? Math.Round(r, 5) : null, error.WorstRecords, Percent(error.Worst),
                [.. measured.Fit.Sizes.Select(size => new DocumentSize(
                    size.Records, size.Count, size.Median.TotalMilliseconds, size.P95.TotalMilliseconds, size.Fitted.TotalMilliseconds, Percent(size.Error)))]);
        }

        private static double Percent(double share) => Math.Round(share * 100, 2);
    }
}

/// <summary>Records that fail whenever they are delivered, among those that a function was measured with.</summary>
/// <param name="Count">How many fail.</param>
/// <param name="Of">How many were tried, 1 or more.</param>
internal readonly record struct FailingRecords(int Count, int Of)
{
    /// <summary>The share that fails, 0 to 1.</summary>
    public double Share => (double)Count / Of;
}
