using System.Text.Json;
using LambdaStreamRunner.Core.Mappings.Windows;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>A tumbling window, as an object inside a line.</summary>
internal static class WindowLine
{
    public static void Write(Utf8JsonWriter json, TimeWindow? window)
    {
        if (window is not null)
            Write(json, window.Window, window.Ending);
    }

    public static void Write(Utf8JsonWriter json, TumblingWindow? window)
    {
        if (window is not null)
            Write(json, window, WindowEnding.None);
    }

    public static TimeWindow? FindTimeWindow(Members line) =>
        line.FindObject("window") is { } window ? new TimeWindow(Read(window), window.FindWord<WindowEnding>("ending") ?? WindowEnding.None) : null;

    public static TumblingWindow? FindTumblingWindow(Members line) => line.FindObject("window") is { } window ? Read(window) : null;

    private static void Write(Utf8JsonWriter json, TumblingWindow window, WindowEnding ending)
    {
        json.WriteStartObject("window");
        json.WriteString("start", window.Start.UtcDateTime);
        json.WriteString("end", window.End.UtcDateTime);
        BytesLine.Write(json, "state", window.State.Span);
        if (ending is not WindowEnding.None)
            json.WriteString("ending", ending.ToString());
        json.WriteEndObject();
    }

    private static TumblingWindow Read(Members window) => new(window.Time("start"), window.Time("end"), window.Bytes("state"));
}
