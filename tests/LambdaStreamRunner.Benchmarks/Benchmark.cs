using LambdaStreamRunner.Benchmarks.Reporting;

namespace LambdaStreamRunner.Benchmarks;

/// <summary>Something that is measured, by its name on the command line.</summary>
/// <param name="Name">One word.</param>
/// <param name="Measures">What, for people.</param>
/// <param name="RunAsync">Measures and reports.</param>
internal sealed record Benchmark(string Name, string Measures, Func<Effort, Report, Task> RunAsync);

/// <summary>How long a benchmark may take.</summary>
internal enum Effort
{
    /// <summary>As long as figures need that can be quoted.</summary>
    Full,

    /// <summary>Under 20 s, to see that it runs.</summary>
    Quick,
}
