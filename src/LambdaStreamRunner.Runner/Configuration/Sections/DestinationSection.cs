using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a mapping's <c>DestinationConfig</c>.</summary>
internal static class DestinationSection
{
    private const string Scheme = "file:";

    public static readonly SectionNames Names = new(
        "DestinationConfig", ["OnFailure"], [new("OnSuccess", "is not for streams (AWS: Unsupported DestinationConfig parameter for given event source mapping type). Remove it.")]);

    public static readonly SectionNames OnFailureNames = new("OnFailure", ["Destination"], []);

    /// <summary>The absolute path of the file that gets discarded batches, or null for none.</summary>
    /// <param name="suggestion">A file name to suggest in errors.</param>
    public static string? Read(JsonValue.Object? at, string suggestion, Reading reading)
    {
        if (at is null || new Section(at, Names, reading.Problems).Object("OnFailure") is not JsonValue.Object onFailureAt)
            return null;
        var onFailure = new Section(onFailureAt, OnFailureNames, reading.Problems);
        string? written = onFailure.Text("Destination");
        if (string.IsNullOrEmpty(written))                    // AWS: an empty text is no destination
            return null;

        JsonValue destination = onFailure.Find("Destination")!;
        if (Complaint(written) is not string complaint)
            return reading.PathOf(destination, written[Scheme.Length..], NamedFileKind.Destination);
        reading.Problems.Error(destination, $"is \"{written}\"{complaint} Write \"file:failed/{suggestion}.jsonl\".");
        return null;
    }

    private static string? Complaint(string written)
    {
        if (written.StartsWith("arn:", StringComparison.Ordinal) && written.Split(':') is [_, _, "sqs" or "sns" or "s3" or "s3express", ..] parts)
            return $": {parts[2]} destinations are not available yet, and nothing is sent to AWS unasked.";
        if (!written.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return ", which is no destination.";
        return written[Scheme.Length..] is "" or ['/', '/', ..] ? ", which is not file: and a path." : null;
    }
}
