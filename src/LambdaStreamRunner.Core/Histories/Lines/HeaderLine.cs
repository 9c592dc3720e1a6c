namespace LambdaStreamRunner.Core.Histories.Lines;

/// <summary>Names of members that are neither a mapping's nor a step's.</summary>
internal static class HeaderLine
{
    /// <summary>The member that makes the first line one: the version of the format.</summary>
    public const string Version = "lambdaStreamHistory";

    public const string Title = "title";

    public const string Seed = "seed";

    /// <summary>The only member of the line that the testing library writes for itself.</summary>
    public const string Test = "test";

    /// <summary>The mapping that a step happened to; absent for the first one.</summary>
    public const string MappingOfStep = "of";
}
