using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a mapping's <c>DestinationConfig</c>.</summary>
internal static class DestinationSection
{
    private const string Scheme = "file:";

    public static readonly SectionNames Names = new(
        "DestinationConfig", ["OnFailure"], [new("OnSuccess", "is not for streams (AWS: Unsupported DestinationConfig parameter for given event source mapping type). Remove it.")]);

    public static readonly SectionNames OnFailureNames = new("OnFailure", ["Destination"], []);

    /// <summary>Where discarded batches go, or null for nowhere.</summary>
    /// <param name="suggestion">A file name to suggest in errors.</param>
    public static OnFailureDestination? Read(JsonValue.Object? at, string suggestion, Reading reading)
    {
        if (at is null || new Section(at, Names, reading.Problems).Object("OnFailure") is not JsonValue.Object onFailureAt)
            return null;
        var onFailure = new Section(onFailureAt, OnFailureNames, reading.Problems);
        string? written = onFailure.Text("Destination");
        if (string.IsNullOrEmpty(written))                    // AWS: an empty text is no destination
            return null;

        JsonValue destination = onFailure.Find("Destination")!;
        return written.StartsWith("arn:", StringComparison.Ordinal)
            ? Remote(destination, written, suggestion, reading)
            : File(destination, written, suggestion, reading);
    }

    private static OnFailureDestination.Remote? Remote(JsonValue at, string written, string suggestion, Reading reading)
    {
        OnFailureDestination.Remote? destination = OnFailureDestination.TryParse(written, reading.Endpoints, out string? complaint);
        if (destination is null)
            reading.Problems.Error(at, $"is \"{written}\", {complaint}, or write \"{Scheme}failed/{suggestion}.jsonl\".");
        else if (destination.IsFifo)
            reading.Problems.Warning(at, $"is \"{written}\": AWS admits a FIFO destination, and every delivery to it fails, here too. Name a standard one.");
        return destination;
    }

    private static OnFailureDestination.File? File(JsonValue at, string written, string suggestion, Reading reading)
    {
        if (Complaint(written) is string complaint)
            reading.Problems.Error(at, $"is \"{written}\", which is {complaint}. Write \"{Scheme}failed/{suggestion}.jsonl\", or the ARN of a queue, topic or bucket.");
        else if (reading.PathOf(at, written[Scheme.Length..], NamedFileKind.Destination) is string path)
            return new OnFailureDestination.File(path);
        return null;
    }

    private static string? Complaint(string written)
    {
        if (!written.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return "no destination";
        return written[Scheme.Length..] is "" or ['/', '/', ..] ? "not file: and a path" : null;
    }
}
