using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;

namespace LambdaStreamRunner.Core.Tests.Properties;

/// <summary>The state of a function that counts the records of its window.</summary>
internal static class CountingState
{
    private static readonly ReadOnlyMemory<byte> Large = Encoding.UTF8.GetBytes($"{{\"all\":\"{new string('x', TumblingWindow.StateLengthMax)}\"}}");

    /// <summary>The outcome with the state that goes with it.</summary>
    public static BatchOutcome Returned(BatchOutcome outcome, TimeWindow window, int records, bool isLarge) => outcome switch
    {
        BatchOutcome.Succeeded => new BatchOutcome.Succeeded { State = Next(window, records, isLarge) },
        BatchOutcome.PartlyFailed partly => partly with { State = Next(window, partly.LowestFailedIndex, isLarge) },
        _ => outcome,
    };

    private static ReadOnlyMemory<byte> Next(TimeWindow window, int settled, bool isLarge)
    {
        if (isLarge || window.Window.State.Length > TumblingWindow.StateLengthMax)
            return Large;
        using var state = JsonDocument.Parse(window.Window.State);
        int before = state.RootElement.TryGetProperty("n", out JsonElement n) ? n.GetInt32() : 0;
        return Encoding.UTF8.GetBytes($"{{\"n\":{before + settled}}}");
    }
}
