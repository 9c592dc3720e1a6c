namespace LambdaStreamRunner.Runner.Input;

/// <summary>How generated records choose among their keys.</summary>
public enum KeyDistribution
{
    /// <summary>One key after the other.</summary>
    RoundRobin,

    /// <summary>The n-th key is as frequent as 1/n: few busy keys, and many quiet ones, as in most real traffic.</summary>
    Zipf,
}
