using System.CommandLine.Parsing;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Host.Verbs;

/// <summary>How a command line names a lane policy.</summary>
internal static class LanePolicyText
{
    /// <summary>Reads one, in capitals or not; an error of the option otherwise.</summary>
    public static LanePolicy Parse(ArgumentResult result)
    {
        string written = result.Tokens[0].Value;
        foreach (LanePolicy policy in Enum.GetValues<LanePolicy>())
        {
            if (written.Equals(policy.ToString(), StringComparison.OrdinalIgnoreCase))
                return policy;
        }
        result.AddError($"--lane-policy is '{written}'; it takes {string.Join(" or ", Enum.GetNames<LanePolicy>())}.");
        return default;
    }
}
