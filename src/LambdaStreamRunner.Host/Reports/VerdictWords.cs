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
        if (verification is null || verification.Runs.IsEmpty)
            return new VerdictWords("chosen", "Chosen by simulation only. Verify it with the real function before it is deployed: name it with --function.");
        double error = verification.Runs.Where(run => run.Setting.IsSameAs(verification.Runs[0].Setting)).Max(run => run.LargestError);
        string percent = error.ToString("0.0 %", CultureInfo.InvariantCulture);
        string max = Verification.ErrorMax.ToString("0 %", CultureInfo.InvariantCulture);
        return verification.IsRecommended
            ? new VerdictWords("recommended", $"Verified with the real function: the prediction was off by {percent}, and up to {max} is allowed.")
            : new VerdictWords("chosen", $"Not verified: with the real function the prediction was off by {percent}, and only up to {max} is allowed. Measure the function again on a quiet machine, then tune again.");
    }
}
