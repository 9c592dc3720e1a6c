using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Simulation.Tuning;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Tests.Reports;

public class TuningTableTests
{
    private static readonly TuningResult Result = Some.Result();

    [Fact]
    public void At_80_columns_every_setting_of_the_frontier_is_one_line_that_ends_in_time()
    {
        string[] lines = Lines(Result);
        int first = Array.FindIndex(lines, line => line.Contains("shards batch window", StringComparison.Ordinal)) + 2;

        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.All(
            lines[first..(first + Result.Frontier.Length)].Zip(Result.Frontier),
            row => Assert.Contains(Amounts.Dollars(row.Second.Cost.Total), row.First, StringComparison.Ordinal));
    }

    [Fact]
    public void The_chosen_setting_and_the_knee_are_marked_without_colours()
    {
        string[] lines = Lines(Result);

        Assert.Contains(Amounts.Dollars(Result.Chosen!.Cost.Total), Assert.Single(lines, line => line.StartsWith("* ", StringComparison.Ordinal) && line.Contains('$', StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(Amounts.Dollars(Result.Knee!.Cost.Total), Assert.Single(lines, line => line.StartsWith("k ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("* chosen", Text(Result), StringComparison.Ordinal);
    }

    [Fact]
    public void What_all_settings_have_in_common_is_said_once_and_what_differs_in_its_row()
    {
        TunedPoint first = Result.Frontier[0];
        TunedPoint fanOut = first with { Setting = first.Setting with { Mapping = first.Setting.Mapping with { Polling = PollingMode.Push } } };

        string text = Text(Result with { Frontier = [fanOut, .. Result.Frontier[1..]] }, width: 100);

        Assert.Contains("All with bisect, ReportBatchItemFailures, retries 2.", text, StringComparison.Ordinal);
        Assert.Single(text.Split('\n'), line => line.Contains("enhanced fan-out", StringComparison.Ordinal));
    }

    [Fact]
    public void The_word_recommended_is_for_a_verified_setting_only()
    {
        string verified = Text(Result, Some.Verification(Result, error: 0.06));
        string wrong = Text(Result, Some.Verification(Result, error: 0.5));

        Assert.Contains("Recommended: 2 shards", verified, StringComparison.Ordinal);
        Assert.DoesNotContain("recommended", wrong + Text(Result), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("only up to 20 %", Flat(wrong), StringComparison.Ordinal);
        Assert.Contains("with the real function before it is deployed", Flat(Text(Result)), StringComparison.Ordinal);
    }

    [Fact]
    public void Prediction_and_measurement_stand_side_by_side_with_their_error()
    {
        string text = Text(Result, Some.Verification(Result, error: 0.06));

        Assert.Matches(@"latency p99 +1\.43 s +1\.52 s +6\.0 %", text);
        Assert.Contains("wall time", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_setting_that_fits_the_nearest_is_named_with_what_to_do()
    {
        string text = Flat(Text(Result with { Chosen = null, NearestFeasible = Result.Frontier[^1], IsComplete = false }));

        Assert.Contains("No setting meets iteratorAge.p99 < 2s. Nearest is 8 shards", text, StringComparison.Ordinal);
        Assert.Contains("relax the objective", text, StringComparison.Ordinal);
        Assert.Contains("The search was interrupted", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_the_other_lane_policy_and_what_was_ruled_out_are_told()
    {
        string text = Flat(Text(Result));

        Assert.All([.. Result.Advice, "With DynamicKeys the same setting has an iterator age p99 of 1.42 ±0.06 s", "- 412: Unstable:"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_found_is_said_in_words()
    {
        string text = Text(Result with { Chosen = null, Knee = null, Frontier = [], Explored = [], OtherLanePolicy = null });

        Assert.Contains("No setting was left to compare. 412 of", text, StringComparison.Ordinal);
    }

    internal static string Rendered(Action<IAnsiConsole> write, int width = 80)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = TerminalConsole.On(writer, isTerminal: false);
        console.Profile.Width = width;
        write(console);
        return writer.ToString();
    }

    private static string Text(TuningResult result, Verification? verification = null, int width = 80) => Rendered(console => TuningTable.Write(console, result, verification), width);

    private static string[] Lines(TuningResult result) => Text(result).Split('\n');

    // Sentences are wrapped.
    private static string Flat(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
