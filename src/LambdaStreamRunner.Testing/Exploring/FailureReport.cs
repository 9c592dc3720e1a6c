using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>Says what was broken, with the smallest example that was found, and how to see it again.</summary>
/// <param name="Test">The name of the test.</param>
/// <param name="Found">The failure as it was found.</param>
/// <param name="Smallest">The same, made smaller.</param>
/// <param name="Schedule">The schedule that found it; null for a test that goes step by step, walks all of them, or replays a file.</param>
internal sealed record FailureReport(string Test, Trial Found, Shrunk Smallest, Schedule? Schedule)
{
    /// <summary>What found it when no schedule did: steps, exhaustive, replay.</summary>
    public string Kind { get; init; } = "steps";

    /// <summary>Whose failure it is: the method that is, or makes, the handler.</summary>
    public string Handler { get; init; } = "";

    /// <summary>Choices that are told; of more, how many there are.</summary>
    private const int ChoicesShownMax = 12;

    private Trial Trial => Smallest.Trial;

    /// <summary>What is told.</summary>
    public BrokenPromise Broken => Trial.Broken[0];

    private TestWorld World => Trial.World;

    /// <summary>Writes the replay file and makes the exception.</summary>
    public StreamTestException ToException()
    {
        (string? file, string? problem) = Exploring.ReplayFile.Write(StreamTest.ReplayFolder, this);
        return new StreamTestException(Message(file, problem), Broken.Exception, Broken.Name)
        {
            Records = [.. Trial.Run.Records.Select(record => record.Label)],
            Schedule = Schedule?.ToString(),
            ReplayFile = file,
        };
    }

    private string Message(string? file, string? problem)
    {
        IReadOnlyList<HistoryStep> steps = World.Loop.History.Steps;
        var names = new HistoryNames(steps, Trial.Run.LabelOf);
        string what = names.In(World.Loop.Shards.Count == 1 ? Broken.Message.Replace($"{World.Loop.Shards[0].Id}: ", "", StringComparison.Ordinal) : Broken.Message, Broken.StepIndex);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Broken.Name} is broken: {what}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  promised  {Broken.Sentence}");
        if (Broken.Page is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"  see       {Broken.Page}");
        AppendExample(text);
        text.AppendLine();
        ImmutableArray<TimeLineNote> notes = Broken.StepIndex is { } index ? [new TimeLineNote(index, what)] : [];
        foreach (string line in TimeLine.Draw(steps, new TimeLineOptions { Notes = notes, LabelOf = Trial.Run.LabelOf }).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            text.AppendLine(CultureInfo.InvariantCulture, $"  {line}");
        text.AppendLine();
        AppendReplay(text, file, problem);
        return text.ToString();
    }

    private void AppendExample(StringBuilder text)
    {
        if (!Trial.Steps.IsEmpty)
            return;
        int records = Trial.Scenario.Records.Length;
        int given = Found.Scenario.Records.Length;
        string of = records < given ? string.Create(CultureInfo.InvariantCulture, $"{records} of {given}") : records.ToString(CultureInfo.InvariantCulture);
        text.AppendLine(CultureInfo.InvariantCulture, $"  example   {of} record{(given == 1 ? "" : "s")}, {Settings()}");
        if (Trial.Choices.Count == 0)
            return;
        string[] choices = [.. Trial.Choices.OrderBy(choice => choice.Key.Kind).Select(choice => ChoiceWords.Of(choice.Key, choice.Value, World))];
        string more = choices.Length > ChoicesShownMax ? $" and {choices.Length - ChoicesShownMax} more" : "";
        text.AppendLine(CultureInfo.InvariantCulture, $"  schedule  {string.Join("; ", choices.Take(ChoicesShownMax))}{more}");
    }

    private string Settings() =>
        string.Create(CultureInfo.InvariantCulture, $"BatchSize {Trial.Scenario.Mapping.BatchSize}, ParallelizationFactor {Trial.Scenario.Mapping.ParallelizationFactor}")
        + (Trial.Scenario.Mapping.BisectBatchOnFunctionError ? ", bisect" : "")
        + (Trial.Scenario.Mapping.MaximumBatchingWindow > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $", window {Trial.Scenario.Mapping.MaximumBatchingWindow.TotalSeconds} s") : "")
        + (Trial.Scenario.Shards > 1 ? string.Create(CultureInfo.InvariantCulture, $", {Trial.Scenario.Shards} shards") : "");

    private void AppendReplay(StringBuilder text, string? file, string? problem)
    {
        if (!Smallest.IsRepeatable)
            text.AppendLine("  The same schedule did not fail a second time: the handler depends on something that the test does not control (a clock, a thread, chance, something static).");
        if (Schedule is { } schedule)
            text.AppendLine(CultureInfo.InvariantCulture, $"  again     .Schedule(\"{schedule}\")");
        if (file is null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  replay    {problem} The environment variable LAMBDA_STREAM_FAILURES names another folder.");
            return;
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"  replay    StreamTest.Replay(@\"{file}\").For(handler).RunAsync()");
        text.AppendLine(CultureInfo.InvariantCulture, $"  look      lambda-stream replay \"{file}\"");
    }
}
