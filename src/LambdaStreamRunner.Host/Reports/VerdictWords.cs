using System.Globalization;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>How far a setting may be trusted: "recommended" only after it was verified.</summary>
/// <param name="Word">recommended, chosen, or none.</param>
/// <param name="Sentence">Why, and what to do.</param>
internal sealed record VerdictWords(string Word, string Sentence)
{
    public static VerdictWords Of(TuningResult result, Verification? verification)
    {
        if (result.Chosen is null)
        {
            string nearest = result.NearestFeasible is { } near ? $" Nearest is {SettingWords.Whole(near.Setting)}: relax the objective to what it reaches, add shards, or make the function faster." : "";
            string why = result.Inputs.Objective is { } objective ? $"No setting meets {objective}." : "No setting keeps up with this traffic.";
            return new VerdictWords("none", why + nearest);
        }
        if (verification is null || (verification.Runs.IsEmpty && verification.LeftOut.IsEmpty))
            return new VerdictWords("chosen", "Chosen by simulation only. Verify it with the real function before it is deployed: --function NAME --verify.");
        return verification.IsRecommended
            ? new VerdictWords("recommended", $"Verified with the real function: the prediction was off by {ErrorOf(verification)}, and up to {ErrorMax} is allowed.")
            : new VerdictWords("chosen", $"Not verified: {WhyNot(verification)}");
    }

    private static string ErrorMax => Verification.ErrorMax.ToString("0 %", CultureInfo.InvariantCulture);

    private static string ErrorOf(Verification verification) => verification.RunsOfChosen.Max(run => run.LargestError).ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string WhyNot(Verification verification)
    {
        if (verification.InRealTime is not { } real)
        {
            string? why = verification.LeftOut.FirstOrDefault(left => left.Clock is VerificationClock.Wall && left.Setting.IsSameAs(verification.Chosen))?.Why;
            return $"the chosen setting did not run in real time.{(why is null ? "" : $" {why}")}";
        }
        if (verification.RunsOfChosen.FirstOrDefault(run => run.Unsettled > 0) is { } unsettled)
            return $"{Terminal.Figures.Some(unsettled.Unsettled, "record")} did not succeed with the real function ({VerificationTable.Clock(unsettled.Clock)}): it failed, or did not keep up.";
        return real.Invocations < Verification.InvocationsMin
            ? $"in real time there {(real.Invocations == 1 ? "was" : "were")} only {Terminal.Figures.Some(real.Invocations, "invocation")}, and fewer than {Verification.InvocationsMin} show chance. Give the run more time with --verify-time, if the traffic has more."
            : $"with the real function the prediction was off by {ErrorOf(verification)}, and only up to {ErrorMax} is allowed. Measure the function again on a quiet machine, then tune again.";
    }
}
