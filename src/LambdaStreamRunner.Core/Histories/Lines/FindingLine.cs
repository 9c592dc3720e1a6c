using System.Text.Json;

namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>A broken promise as one line.</summary>
internal static class FindingLine
{
    /// <summary>The member that tells this line from others: the promise.</summary>
    public const string Broken = "broken";

    public static void Write(Utf8JsonWriter json, HistoryFinding finding)
    {
        json.WriteString(Broken, finding.Promise);
        json.WriteString("message", finding.Message);
        if (finding.StepIndex is { } step)
            json.WriteNumber("stepIndex", step);
        if (finding.Page is { } page)
            json.WriteString("page", page.OriginalString);
    }

    public static HistoryFinding Read(Members line)
    {
        int? step = line.FindNumber("stepIndex") is null ? null : line.Integer("stepIndex", 0, int.MaxValue);
        Uri? page = line.FindText("page") is not { } text ? null
            : Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address
            : throw Members.Wrong("page", "an address");
        return new HistoryFinding(line.Text(Broken), line.Text("message"), step, page);
    }
}
