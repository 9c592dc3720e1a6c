using LambdaStreamRunner.Benchmarks;
using LambdaStreamRunner.Benchmarks.Checking;
using LambdaStreamRunner.Benchmarks.Decisions;
using LambdaStreamRunner.Benchmarks.Delivering;
using LambdaStreamRunner.Benchmarks.Details;
using LambdaStreamRunner.Benchmarks.Filtering;
using LambdaStreamRunner.Benchmarks.Hosting;
using LambdaStreamRunner.Benchmarks.Proving;
using LambdaStreamRunner.Benchmarks.Reporting;
using LambdaStreamRunner.Benchmarks.Serving;
using LambdaStreamRunner.Benchmarks.Starting;
using LambdaStreamRunner.Benchmarks.Storing;
using LambdaStreamRunner.Benchmarks.Tuning;

if (args is [ServedEndpoint.Argument, var served])
{
    await ServedEndpoint.RunAsync(Enum.Parse<Served>(served));
    return 0;
}
if (args is [DecisionCore.Argument, .. var words])
{
    DecisionCore.RunOnce(words);
    return 0;
}
if (args is [SearchTime.Argument, .. var search])
{
    SearchTime.RunOnce(search);
    return 0;
}
if (args is [OneEngine.Argument, .. var engine])
{
    OneEngine.RunOnce(engine);
    return 0;
}

Benchmark[] all =
[
    new("core", "the decision core alone: records/s and bytes allocated, against a round-robin lane policy", DecisionCore.RunAsync),
    new("keys", "0 to 5 ms of work a record on one shard, against the shortest time that order per key allows", KeysInParallel.RunAsync),
    new("latency", "put to handler, in process, eager polling", PutToHandler.RunAsync),
    new("delivery", "1 KiB records in batches of 100 to a no-op handler, against the JSON of their events alone", EventJson.RunAsync),
    new("http", "puts and reads over loopback, against a web server that does nothing", CallsOverHttp.RunAsync),
    new("peers", "puts and reads over loopback, against other emulators (from npm)", PeersOverHttp.RunAsync),
    new("durable", "puts over loopback to streams in a folder, against streams in memory", DurablePuts.RunAsync),
    new("storage", "storage engines for streams on disk: blocks/s, memory, reopening, retention", StorageEngines.RunAsync),
    new("start", "start of run to the first answer, against an empty web server; memory when idle", StartOfRun.RunAsync),
    new("idle", "10,000 streams, or a mapping over 5,000 shards: start, CPU and memory while nothing happens", IdleStreams.RunAsync),
    new("filters", "records of 1 KiB against a filter, and against reading their JSON alone", FilterRates.RunAsync),
    new("checking", "a history of 1 M deliveries against every promise", HistoryChecks.RunAsync),
    new("proving", "explorations of the testing library, and a day of retries in virtual time", Explorations.RunAsync),
    new("tuning", "one simulated run beside its decisions alone; a search of 300 settings; reading a trace", TuningSpeed.RunAsync),
    new("hosting", "invocations and cold starts in this process and in processes of their own, against a round trip over loopback and empty programs", FunctionHostings.RunAsync),
    new("details", "what is done once per record: hash, sequence number, event", Details.RunAsync),
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
