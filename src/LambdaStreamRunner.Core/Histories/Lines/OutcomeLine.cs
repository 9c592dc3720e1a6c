using System.Diagnostics;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>How an invocation ended, as members of its line.</summary>
internal static class OutcomeLine
{
    private const string Succeeded = nameof(BatchOutcome.Succeeded);
    private const string PartlyFailed = nameof(BatchOutcome.PartlyFailed);
    private const string Failed = nameof(BatchOutcome.Failed);
    private const string Throttled = nameof(BatchOutcome.Throttled);

    public static void Write(Utf8JsonWriter json, BatchOutcome outcome)
    {
        switch (outcome)
        {
            case BatchOutcome.Succeeded succeeded:
                json.WriteString("outcome", Succeeded);
                WriteState(json, succeeded.State);
                break;
            case BatchOutcome.PartlyFailed partly:
                json.WriteString("outcome", PartlyFailed);
                json.WriteNumber("lowestFailedIndex", partly.LowestFailedIndex);
                if (partly.Problem is not null)
                    json.WriteString("problem", partly.Problem);
                WriteState(json, partly.State);
                break;
            case BatchOutcome.Failed failed:
                json.WriteString("outcome", Failed);
                json.WriteString("error", failed.Error);
                break;
            case BatchOutcome.Throttled throttled:
                json.WriteString("outcome", Throttled);
                json.WriteString("reason", throttled.Reason);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="recordsMax">Most records that can have succeeded before one failed.</param>
    public static BatchOutcome Read(Members line, int recordsMax) => line.Text("outcome") switch
    {
        Succeeded => StateOf(line) is { } state ? new BatchOutcome.Succeeded { State = state } : BatchOutcome.Succeeded.Instance,
        PartlyFailed => new BatchOutcome.PartlyFailed(line.Integer("lowestFailedIndex", 0, recordsMax)) { Problem = line.FindText("problem"), State = StateOf(line) },
        Failed => new BatchOutcome.Failed(line.Text("error")),
        Throttled => new BatchOutcome.Throttled(line.Text("reason")),
        string other => throw new BadLineException($"has an \"outcome\" that is '{other}'; it can be {Succeeded}, {PartlyFailed}, {Failed} or {Throttled}."),
    };

    private static void WriteState(Utf8JsonWriter json, ReadOnlyMemory<byte>? state)
    {
        if (state is { } bytes)
            BytesLine.Write(json, "state", bytes.Span);
    }

    // A plain null would be converted as an array: to an empty state, which is not none.
    private static ReadOnlyMemory<byte>? StateOf(Members line) => line.FindBytes("state") is { } bytes ? bytes : default(ReadOnlyMemory<byte>?);
}
