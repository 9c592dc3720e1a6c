using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>The output of AWS Lambda Power Tuning: how long one payload took under several memory sizes.</summary>
/// <remarks>
/// Its state machine answers <c>{"results":{"power":"512",...,"stateMachine":{...,"visualization":"https://lambda-power-tuning.show/#POWERS;DURATIONS;COSTS"},"stats":[{"value":128,"averageDuration":2.9,...}]}}</c>,
/// with the stats only on request (<c>includeOutputResults</c>). The parts after # are base64 of little-endian numbers: memory sizes as int16,
/// durations in milliseconds as float32. <see href="https://github.com/alexcasalboni/aws-lambda-power-tuning"/>.
/// </remarks>
internal static class PowerTuningFile
{
    /// <summary>True when a text looks like one: it is JSON, and a measured table is not.</summary>
    public static bool IsOne(string text) => text.AsSpan().TrimStart() is ['{', ..];

    /// <summary>Reads the curve; false with what is wrong.</summary>
    public static bool TryRead(string json, [NotNullWhen(true)] out MemoryCurve? curve, [NotNullWhen(false)] out string? mistake)
    {
        curve = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement results = Member(document.RootElement, "results") ?? document.RootElement;
            mistake = null;
            List<MemoryPoint>? points = StatsOf(results) ?? VisualizedBy(results);
            if (points is null)
                mistake = "has neither results.stats nor results.stateMachine.visualization; give the output of the state machine as it is.";
            else if (!MemoryCurve.TryCreate(points, out curve, out mistake))
                mistake = $"is no use as a curve: {mistake}.";
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException)
        {
            mistake = $"is no output of Lambda Power Tuning: {wrong.Message}";
        }
        return curve is not null;
    }

    private static List<MemoryPoint>? StatsOf(JsonElement results) => Member(results, "stats") is not { } stats ? null :
    [
        .. stats.EnumerateArray().Select(point => new MemoryPoint(
            (Member(point, "value") ?? throw new FormatException("An entry of stats has no value.")).GetInt32(),
            (Member(point, "averageDuration") ?? throw new FormatException("An entry of stats has no averageDuration.")).GetDouble())),
    ];

    private static List<MemoryPoint>? VisualizedBy(JsonElement results)
    {
        if (Member(results, "stateMachine") is not { } machine || Member(machine, "visualization")?.GetString() is not { } url)
            return null;
        string[] parts = url[(url.IndexOf('#', StringComparison.Ordinal) + 1)..].Split(';');
        if (!url.Contains('#', StringComparison.Ordinal) || parts.Length < 2)
            throw new FormatException("The address of its visualization carries no numbers after #.");
        byte[] sizes = Convert.FromBase64String(parts[0]);
        byte[] durations = Convert.FromBase64String(parts[1]);
        if (sizes.Length % 2 != 0 || durations.Length != sizes.Length * 2)
            throw new FormatException("The address of its visualization carries as many durations as memory sizes, and here they differ.");
        return
        [
            .. Enumerable.Range(0, sizes.Length / 2).Select(i => new MemoryPoint(
                BinaryPrimitives.ReadInt16LittleEndian(sizes.AsSpan(2 * i)), BinaryPrimitives.ReadSingleLittleEndian(durations.AsSpan(4 * i)))),
        ];
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement member) && member.ValueKind is not JsonValueKind.Null ? member : null;
}
