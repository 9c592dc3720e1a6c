using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LambdaStreamRunner.Core.Histories.Lines;

namespace LambdaStreamRunner.Core.Histories;

/// <summary>Writes a history as lines of JSON in UTF-8: a header, then mappings and steps.</summary>
/// <remarks>
/// The format: the first line is <c>{"lambdaStreamHistory":1,...}</c>. A line with <c>"mapping":0</c> has the settings of a
/// mapping, by AWS's parameter names; another one with the same number says that they were changed. A line with
/// <c>"broken"</c> is a promise that was found broken. Every other line is a step. Steps and broken promises have
/// <c>"of":1</c> when they belong to another mapping than number 0. A record is written whole where it
/// arrives, its data in base64, and is named by its sequence number afterwards; so a step may follow only records that
/// were written. Each line is whole by itself: a file whose writer was killed is readable up to its last line.
/// </remarks>
public sealed class HistoryWriter : IDisposable
{
    /// <summary>The version of the format; one that cannot be read by the programs of today has a higher one.</summary>
    public const int Version = 1;

    // Nobody shows it in a page, and people read it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly IBufferWriter<byte> _output;
    private readonly Utf8JsonWriter _json;

    /// <summary>A writer into a buffer; whoever owns that brings the lines to where they are kept.</summary>
    public HistoryWriter(IBufferWriter<byte> output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output, Options);
    }

    /// <summary>A whole history as a file's content; of its mappings one after the other.</summary>
    public static byte[] Write(History history)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new HistoryWriter(output);
        writer.WriteHeader(history.Title, history.Seed);
        if (history.Test is { } test)
            writer.WriteTest(test.Span);
        for (int mapping = 0; mapping < history.Mappings.Length; mapping++)
            writer.WriteWhole(mapping, history.Mappings[mapping]);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the first line.</summary>
    /// <param name="title">What it is a history of.</param>
    /// <param name="seed">What gives it again.</param>
    public void WriteHeader(string? title, long? seed)
    {
        _json.WriteStartObject();
        _json.WriteNumber(HeaderLine.Version, Version);
        if (title is not null)
            _json.WriteString(HeaderLine.Title, title);
        if (seed is { } number)
            _json.WriteNumber(HeaderLine.Seed, number);
        EndLine();
    }

    /// <summary>Writes what the testing library needs to make the history again.</summary>
    /// <param name="json">One JSON value.</param>
    public void WriteTest(ReadOnlySpan<byte> json)
    {
        _json.WriteStartObject();
        _json.WritePropertyName(HeaderLine.Test);
        _json.WriteRawValue(json);
        EndLine();
    }

    /// <summary>Writes a mapping, before its first step or when it was changed.</summary>
    /// <param name="index">Its place in the file: 0 for the first one, then 1, and so on.</param>
    /// <param name="mapping">The mapping as it is from here on.</param>
    public void WriteMapping(int index, HistoryMapping mapping)
    {
        _json.WriteStartObject();
        MappingLine.Write(_json, index, mapping);
        EndLine();
    }

    /// <summary>Writes a step.</summary>
    /// <param name="index">The mapping that it happened to.</param>
    /// <param name="step">The step; its records have arrived in steps before, or arrive in it.</param>
    public void WriteStep(int index, HistoryStep step)
    {
        _json.WriteStartObject();
        StepLine.Write(_json, step);
        EndLine(index);
    }

    /// <summary>Writes a broken promise.</summary>
    /// <param name="index">The mapping that broke it.</param>
    /// <param name="finding">What is broken.</param>
    public void WriteFinding(int index, HistoryFinding finding)
    {
        _json.WriteStartObject();
        FindingLine.Write(_json, finding);
        EndLine(index);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteWhole(int index, MappingHistory mapping)
    {
        WriteMapping(index, mapping.Mapping);
        var changes = new Queue<SettingsChange>(mapping.Changes);
        for (int step = 0; step < mapping.Steps.Count; step++)
        {
            while (changes.TryPeek(out SettingsChange? change) && change.StepIndex <= step)
                WriteMapping(index, changes.Dequeue().Mapping);
            WriteStep(index, mapping.Steps[step]);
        }
        foreach (SettingsChange change in changes)
            WriteMapping(index, change.Mapping);
        foreach (HistoryFinding finding in mapping.Findings)
            WriteFinding(index, finding);
    }

    private void EndLine(int mapping)
    {
        if (mapping != 0)
            _json.WriteNumber(HeaderLine.MappingOfStep, mapping);
        EndLine();
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output.Write("\n"u8);
    }
}
