using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Environments.Faults;

/// <summary>Something that goes wrong once in a function, and what it must cost.</summary>
/// <param name="Language">In which language: python, node, dotnet, or a bootstrap.</param>
/// <param name="What">What its code does, by the name that the code knows it by.</param>
/// <param name="Error">What the failed attempt is told as, as a regular expression; null: it costs no attempt; empty: it reports all records.</param>
internal sealed record Fault(string Language, string What, string? Error = null)
{
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public int MemoryMegabytes { get; init; } = 256;

    /// <summary>ReportBatchItemFailures.</summary>
    public bool ReportsItems { get; init; }

    public string Name => $"{Language}-{What}{(ReportsItems ? "-reported" : "")}".Replace(' ', '-');

    public FunctionConfiguration In(FunctionConfiguration function, string markers, string run) => function with
    {
        Hosting = FunctionHosting.Process,
        Runtime = Language switch { "python" => "python3.11", "node" => "nodejs20.x", "dotnet" => null, _ => "provided.al2023" },
        CodeUri = Language == "dotnet" ? FaultyRun.OddFunctions : FaultyRun.CodeFolder,
        Handler = Language == "dotnet" ? "OddFunctions::OddFunctions.Faulty::Handle" : "faults.handler",
        Timeout = Timeout,
        MemorySizeMegabytes = MemoryMegabytes,
        EnvironmentVariables = function.EnvironmentVariables.Add("FAULT", What).Add("MARKERS", markers).Add(FaultyRun.Variable, run),
    };
}
