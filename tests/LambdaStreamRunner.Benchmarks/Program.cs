using LambdaStreamRunner.Benchmarks;
using LambdaStreamRunner.Benchmarks.Decisions;
using LambdaStreamRunner.Benchmarks.Reporting;

Benchmark[] all =
[
    new("core", "the decision core alone: records/s and bytes allocated, against a round-robin lane policy", DecisionCore.RunAsync),
];

string[] names = [.. args.Where(argument => !argument.StartsWith('-'))];
string[] unknown = [.. names.Where(name => !Array.Exists(all, benchmark => benchmark.Name == name))];
if (args.Contains("--help") || names.Length == 0 || unknown.Length > 0)
{
    foreach (string name in unknown)
        await Console.Error.WriteLineAsync($"There is no benchmark '{name}'.");
    await Console.Error.WriteLineAsync("Usage: dotnet run -c Release --project tests/LambdaStreamRunner.Benchmarks -- NAME... [--quick]");
    foreach (Benchmark benchmark in all)
        await Console.Error.WriteLineAsync($"  {benchmark.Name,-10} {benchmark.Measures}");
    return unknown.Length > 0 || names.Length == 0 ? 2 : 0;
}

Effort effort = args.Contains("--quick") ? Effort.Quick : Effort.Full;
var report = new Report(Console.Out);
foreach (Benchmark benchmark in all.Where(benchmark => names.Contains(benchmark.Name)))
{
    report.Title($"{benchmark.Name}: {benchmark.Measures}");
    await benchmark.RunAsync(effort, report);
}
return 0;
