using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>A checkpoint, as an object inside a line.</summary>
internal static class CheckpointLine
{
    public static void Write(Utf8JsonWriter json, string name, ShardCheckpoint checkpoint)
    {
        json.WriteStartObject(name);
        WritePosition(json, checkpoint.Position);
        if (checkpoint.Marks is { } marks)
            WriteMarks(json, marks);
        if (checkpoint.ShardEnded)
            json.WriteBoolean("shardEnded", true);
        WindowLine.Write(json, checkpoint.Window);
        json.WriteEndObject();
    }

    public static ShardCheckpoint Read(Members line, string name)
    {
        Members checkpoint = line.Object(name);
        LaneMarks? marks = checkpoint.FindObject("marks") is { } members ? ReadMarks(members) : null;
        return new ShardCheckpoint(ReadPosition(checkpoint), marks, checkpoint.Flag("shardEnded")) { Window = WindowLine.FindTumblingWindow(checkpoint) };
    }

    private static void WritePosition(Utf8JsonWriter json, ShardPosition position)
    {
        json.WriteString("position", position.Type.ToString());
        if (position.Type is ShardIteratorType.AtSequenceNumber or ShardIteratorType.AfterSequenceNumber)
            NumberLine.Write(json, "sequenceNumber", position.SequenceNumber);
        if (position.Type is ShardIteratorType.AtTimestamp)
            json.WriteNumber("timestampMs", position.TimestampMilliseconds);
    }

    private static ShardPosition ReadPosition(Members checkpoint) => checkpoint.Word<ShardIteratorType>("position") switch
    {
        ShardIteratorType.Latest => ShardPosition.Latest,
        ShardIteratorType.AtSequenceNumber => ShardPosition.At(checkpoint.SequenceNumber("sequenceNumber")),
        ShardIteratorType.AfterSequenceNumber => ShardPosition.After(checkpoint.SequenceNumber("sequenceNumber")),
        ShardIteratorType.AtTimestamp => ShardPosition.AtTimestamp(checkpoint.Milliseconds("timestampMs")),
        _ => ShardPosition.TrimHorizon,
    };

    private static void WriteMarks(Utf8JsonWriter json, LaneMarks marks)
    {
        json.WriteStartObject("marks");
        json.WriteString("lanePolicy", marks.LanePolicy.ToString());
        json.WriteNumber("parallelizationFactor", marks.ParallelizationFactor);
        NumberLine.Write(json, "settledThrough", marks.SettledThrough);
        json.WriteStartArray("firstUnsettled");
        foreach (LaneMark mark in marks.FirstUnsettled)
        {
            json.WriteStartObject();
            json.WriteString("group", mark.Group.ToString(CultureInfo.InvariantCulture));
            NumberLine.Write(json, "sequenceNumber", mark.FirstUnsettled);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static LaneMarks ReadMarks(Members marks)
    {
        ImmutableArray<LaneMark> unsettled = [.. marks.Objects("firstUnsettled").Select(mark => new LaneMark(mark.HashKey("group"), mark.SequenceNumber("sequenceNumber")))];
        return new LaneMarks(marks.Word<LanePolicy>("lanePolicy"), marks.Integer("parallelizationFactor"), marks.SequenceNumber("settledThrough"), unsettled);
    }
}
