using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>How scenarios are written: <c>[1-10]✗ [4-10]✗×2 [5]</c>, records by their labels, times in seconds.</summary>
internal static class Notation
{
    /// <summary>A record's label: 1 for the first one put, 2 for the next.</summary>
    public static int Label(StreamRecord record) => (int)record.SequenceNumber.Index + Math.Max(0, (int)record.SequenceNumber.SubSequenceNumber - 1);

    /// <summary>Labels as ranges: <c>[1-3,7]</c>.</summary>
    public static string Records(ReadOnlySpan<StreamRecord> records)
    {
        var text = new StringBuilder("[");
        int[] labels = [.. records.ToArray().Select(Label)];
        for (int first = 0, last; first < labels.Length; first = last + 1)
        {
            last = first;
            while (last + 1 < labels.Length && labels[last + 1] == labels[last] + 1)
                last++;
            text.Append(first > 0 ? "," : "").Append(labels[first]);
            if (last > first)
                text.Append('-').Append(labels[last]);
        }
        return text.Append(']').ToString();
    }

    /// <summary>Invocations in a row; the same records failing again and again are written once, with their number.</summary>
    public static string Invocations(IEnumerable<Invocation> invocations)
    {
        var parts = new List<(string Records, int Times)>();
        foreach (Invocation invocation in invocations)
        {
            string part = Records(invocation.Records) + (invocation.Outcome is null or BatchOutcome.Succeeded ? "" : "✗");
            if (parts.Count > 0 && parts[^1].Records == part)
                parts[^1] = (part, parts[^1].Times + 1);
            else
                parts.Add((part, 1));
        }
        return string.Join(' ', parts.Select(part => part.Times == 1 ? part.Records : $"{part.Records}×{part.Times}"));
    }

    /// <summary>An invocation with its window, in seconds, and the state that it began with; <c>final</c> or <c>early</c> when the window ends.</summary>
    public static string Window(Invocation invocation)
    {
        TimeWindow window = invocation.Window!;
        string state = window.Window.State.Length > 40 ? $"{window.Window.State.Length} bytes" : Encoding.UTF8.GetString(window.Window.State.Span);
        string ending = window.Ending switch { WindowEnding.None => "", WindowEnding.Complete => " final", _ => " early" };
        string failed = invocation.Outcome is null or BatchOutcome.Succeeded ? "" : "✗";
        return $"{Records(invocation.Records)}{failed} {Seconds(window.Window.Start)}-{Seconds(window.Window.End)} {state}{ending}";
    }

    /// <summary>A failure record: <c>RetryAttemptsExhausted [1-10] batchSize 10, count 3, Unhandled</c>.</summary>
    public static string Discard(DiscardedBatch batch)
    {
        string response = batch.Response is null ? "no response" : batch.Response.FunctionError ?? "functionError null";
        if (batch.Records.IsEmpty)
            return $"{batch.Reason} end of {Seconds(batch.Window!.Window.Start)}-{Seconds(batch.Window.Window.End)}, count {batch.ApproximateInvokeCount}, {response}";
        return $"{batch.Reason} {Records(batch.Records.AsSpan())} batchSize {batch.Records.Length}, count {batch.ApproximateInvokeCount}, {response}";
    }

    /// <summary>Seconds since the start of the scenario.</summary>
    public static string Seconds(DateTimeOffset time) => (time - Scenario.Start).TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
