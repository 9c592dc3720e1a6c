using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Host.Measuring;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Host.Tests.Measuring;

/// <summary>A function on a test's clock: each call moves it on by what the call is said to take.</summary>
/// <param name="time">The clock.</param>
/// <param name="durationOf">Milliseconds of a call, by its records' payloads.</param>
internal sealed class PacedFunction(FakeTimeProvider time, Func<IReadOnlyList<string>, double> durationOf) : IMeasuredFunction
{
    public string Name => "Paced";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Milliseconds that a new environment takes besides; null when there is none.</summary>
    public double? ColdStart { get; init; }

    /// <summary>Why a call with these payloads fails; null when it does not.</summary>
    public Func<IReadOnlyList<string>, string?> FailureOf { get; init; } = _ => null;

    /// <summary>What a call with these payloads answers.</summary>
    public Func<IReadOnlyList<(string Data, string SequenceNumber)>, string> AnswerOf { get; init; } = _ => "";

    /// <summary>Payloads of all calls, in order.</summary>
    public List<IReadOnlyList<string>> Calls { get; } = [];

    public MeasuredCall OpenLane() => (eventJson, _) => Task.FromResult(Call(eventJson, extra: 0));

    public Task<MeasuredCall?> OpenColdLaneAsync(CancellationToken cancellation) =>
        Task.FromResult<MeasuredCall?>(ColdStart is { } cold ? (eventJson, _) => Task.FromResult(Call(eventJson, cold)) : null);

    private FunctionResult Call(ReadOnlyMemory<byte> eventJson, double extra)
    {
        using JsonDocument document = JsonDocument.Parse(eventJson);
        (string Data, string SequenceNumber)[] records =
        [
            .. from record in document.RootElement.GetProperty("Records").EnumerateArray()
               let kinesis = record.GetProperty("kinesis")
               select (System.Text.Encoding.UTF8.GetString(kinesis.GetProperty("data").GetBytesFromBase64()), kinesis.GetProperty("sequenceNumber").GetString()!),
        ];
        string[] payloads = [.. records.Select(record => record.Data)];
        Calls.Add(payloads);
        var took = TimeSpan.FromMilliseconds(durationOf(payloads) + extra);
        time.Advance(took < Timeout ? took : Timeout);
        if (took > Timeout)
            return new FunctionResult.TimedOut($"Task timed out after {Timeout.TotalSeconds:0.00} seconds");
        return FailureOf(payloads) is { } failure
            ? new FunctionResult.Failed(new FunctionError("FormatException", failure, []))
            : new FunctionResult.Succeeded(System.Text.Encoding.UTF8.GetBytes(AnswerOf(records)));
    }
}
