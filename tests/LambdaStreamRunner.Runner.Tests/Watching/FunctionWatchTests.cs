// Functions are real ones: interpreters and the compiler are started. Nobody waits for time to pass.
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Tests.Environments.Runtimes;
using LambdaStreamRunner.Runner.Watching;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Runner.Tests.Watching;

/// <summary>Code that is edited while it runs.</summary>
public sealed class FunctionWatchTests : IDisposable
{
    private const string Project = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""";

    private const string WaitingScript = """
        import os, time
        def handler(event, context):
            print("VERSION is here", flush=True)
            while "wait" in event and not os.path.exists(event["wait"]):
                time.sleep(0.002)
            return "VERSION"
        """;

    private const string WaitingModule = """
        const fs = require("node:fs");
        exports.handler = async event => {
            console.log("VERSION is here");
            while ("wait" in event && !fs.existsSync(event.wait))
                await new Promise(resolve => setTimeout(resolve, 2));
            return "VERSION";
        };
        """;

    private readonly CodeFolder _code = new();
    private readonly CodeFolder _elsewhere = new();

    public void Dispose()
    {
        _code.Dispose();
        _elsewhere.Dispose();
    }

    [Theory]
    [InlineData("python3.11", "app.py", "def handler(event, context): return 'VERSION'", "app.handler")]
    [InlineData("nodejs20.x", "index.js", "exports.handler = async () => 'VERSION';", "index.handler")]
    [InlineData("nodejs20.x", "index.mjs", "export const handler = async () => 'VERSION';", "index.handler")]
    public async Task A_script_that_is_edited_takes_over_when_it_is_quiet(string runtime, string file, string script, string handler)
    {
        WriteScript(file, script, "old");
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function(runtime, handler));
        await watched.LookTwiceAsync();
        Assert.Equal("old", await watched.AnswerAsync());

        WriteScript(file, script, "draft");
        await watched.LookAsync();
        WriteScript(file, script, "newer");
        await watched.LookAsync();
        Assert.Equal("old", await watched.AnswerAsync());
        await watched.LookAsync();

        Assert.Equal("newer", await watched.AnswerAsync());
        Assert.Equal(["Watching shop: 1 files.", $"Swapped shop after a change of {file}: ready in"], watched.Said.Select(line => line.Split(" in ")[0] + (line.Contains(" in ", StringComparison.Ordinal) ? " in" : "")));
        await watched.LookTwiceAsync();
        Assert.Equal(2, watched.Said.Count);
    }

    [Theory]
    [InlineData("python3.11", "app.py", WaitingScript, "app.handler")]
    [InlineData("nodejs20.x", "index.js", WaitingModule, "index.handler")]
    public async Task What_is_in_flight_ends_on_the_old_code_and_the_next_batch_of_its_lane_runs_the_new(string runtime, string file, string script, string handler)
    {
        WriteScript(file, script, "old");
        var isHere = new TaskCompletionSource();
        var listener = new FunctionListener { LogLine = line => isHere.TrySetResult() };
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function(runtime, handler) with { Timeout = TimeSpan.FromSeconds(60) }, listener: listener);
        IFunctionLane lane = watched.Function.OpenLane();
        Task<string> inFlight = WatchedFunction.AnswerAsync(lane, $$"""{"wait":"{{_elsewhere.PathOf("go")}}"}""");
        await isHere.Task.WaitAsync(TestContext.Current.CancellationToken);

        WriteScript(file, script, "new");
        await watched.LookTwiceAsync();

        Assert.Equal("new", await watched.AnswerAsync());
        Assert.False(inFlight.IsCompleted);
        _elsewhere.Write("go", "");
        Assert.Equal("old", await inFlight);
        Assert.Equal("new", await WatchedFunction.AnswerAsync(lane));
    }

    [Fact]
    public async Task A_script_that_cannot_be_loaded_leaves_the_old_one_running_until_the_next_change()
    {
        WriteScript("app.py", WaitingScript, "old");
        var isHere = new SemaphoreSlim(0);
        var listener = new FunctionListener { LogLine = _ => isHere.Release() };
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function("python3.11", "app.handler"), listener: listener);
        Task<string> inFlight = WatchedFunction.AnswerAsync(watched.Function.OpenLane(), $$"""{"wait":"{{_elsewhere.PathOf("go")}}"}""");
        await isHere.WaitAsync(TestContext.Current.CancellationToken);

        _code.Write("app.py", "def handler(event, context) return 1");
        string cold = await watched.AnswerAsync();
        await watched.LookTwiceAsync();
        await watched.LookTwiceAsync();
        string colder = await watched.AnswerAsync();
        _elsewhere.Write("go", "");

        Assert.Equal("old", await inFlight);
        Assert.Equal("old", await watched.AnswerAsync());
        Assert.All([cold, colder], answer => Assert.StartsWith("Refused { Reason = The files of 'shop' have changed since it was loaded, and a new environment does not start with them: Runtime.UserCodeSyntaxError", answer, StringComparison.Ordinal));
        Assert.All([cold, colder], answer => Assert.DoesNotContain("\n", answer, StringComparison.Ordinal));   // the whole of it was told when it was tried
        string warning = Assert.Single(watched.Warnings);
        Assert.StartsWith("shop stays as it was, since it does not work with the change of app.py: Runtime.UserCodeSyntaxError", warning, StringComparison.Ordinal);
        Assert.EndsWith("It is tried again when something changes.", warning, StringComparison.Ordinal);

        WriteScript("app.py", WaitingScript, "new");
        await watched.LookTwiceAsync();
        Assert.Equal("new", await watched.AnswerAsync());
    }

    [Fact]
    public async Task A_project_of_this_process_is_built_anew_and_what_does_not_compile_leaves_the_old_code_running()
    {
        _code.Write("Shop.csproj", Project);
        WriteClass("old");
        FunctionConfiguration function = _code.Function(null, "Shop::Shop.Function::Handle") with { Hosting = FunctionHosting.InProcess, Timeout = TimeSpan.FromMinutes(5) };
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(function);
        IFunctionLane lane = watched.Function.OpenLane();
        Assert.Equal("old 1", await WatchedFunction.AnswerAsync(lane));
        Assert.Equal("old 2", await WatchedFunction.AnswerAsync(lane));

        _code.Write("Helper.cs", "namespace Shop; static class Helper { public static string Word => missing; }");
        await watched.LookTwiceAsync();
        Assert.Equal("old 3", await WatchedFunction.AnswerAsync(lane));
        Assert.Contains("  Helper.cs(1,68): error CS0103: The name 'missing' does not exist in the current context", Assert.Single(watched.Warnings), StringComparison.Ordinal);

        Task<string> inFlight = WatchedFunction.AnswerAsync(lane, _elsewhere.PathOf("go"));
        _code.Write("Helper.cs", "namespace Shop; static class Helper { public static string Word => \"new\"; }");
        WriteClass("\" + Helper.Word + \"");
        await watched.LookTwiceAsync();
        Assert.Equal("new 1", await watched.AnswerAsync());
        Assert.False(inFlight.IsCompleted);
        _elsewhere.Write("go", "");
        Assert.Equal("old 4", await inFlight);
        Assert.Equal("new 2", await WatchedFunction.AnswerAsync(lane));
        Assert.Contains(watched.Said, line => line.StartsWith("Swapped shop after a change of Function.cs, Helper.cs: ready in ", StringComparison.Ordinal)
            && line.EndsWith(" The new code starts with static state of its own.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_looks_again_and_again_until_it_is_told_to_stop()
    {
        var time = new FakeTimeProvider();
        WriteScript("app.py", WaitingScript, "old");
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function("python3.11", "app.handler"), time);
        watched.Watch.Start();

        File.Move(_code.PathOf("app.py"), _code.PathOf("apple.py"));
        while (watched.Warnings.IsEmpty)
        {
            time.Advance(FunctionWatch.LookInterval);
            await Task.Yield();
        }
        await watched.Watch.StopAsync();

        Assert.StartsWith(
            $"shop stays as it was, since it does not work with the change of app.py, apple.py: Handler 'app.handler' names the file 'app.py', which is not in '{_code.Path}'.",
            Assert.Single(watched.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_never_quiet_are_complained_about_once()
    {
        WriteScript("app.py", WaitingScript, "old");
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function("python3.11", "app.handler"));
        for (int i = 0; i < 50; i++)
        {
            _code.Write("counts.json", new string(' ', i));
            await watched.LookAsync();
        }

        Assert.StartsWith("shop is not swapped, since its files are never quiet: counts.json changed again.", Assert.Single(watched.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_and_what_packages_bring_is_no_change()
    {
        WriteScript("app.py", WaitingScript, "old");
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function("python3.11", "app.handler"));

        foreach (string made in (string[])["__pycache__/app.pyc", "node_modules/left-pad/index.js", ".git/index", "failed/clicks.jsonl", "run.log", "app.py~", ".app.py.swp"])
            _code.Write(made, "x");
        await watched.LookTwiceAsync();
        Assert.Single(watched.Said);

        _code.Write("node_modules/.package-lock.json", "{}");
        await watched.LookTwiceAsync();
        Assert.Contains(watched.Said, line => line.StartsWith("Swapped shop after a change of .package-lock.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_in_a_layer_counts()
    {
        WriteScript("app.py", "import shared\ndef handler(event, context): return shared.word", "");
        _elsewhere.Write("python/shared.py", "word = 'old'");
        await using WatchedFunction watched = await WatchedFunction.LoadAsync(_code.Function("python3.11", "app.handler") with { Layers = [_elsewhere.Path] });

        _elsewhere.Write("python/shared.py", "word = 'newer'");
        await watched.LookTwiceAsync();

        Assert.Equal("newer", await watched.AnswerAsync());
    }

    private void WriteScript(string file, string script, string version) => _code.Write(file, script.Replace("VERSION", version, StringComparison.Ordinal));

    private void WriteClass(string word) => _code.Write("Function.cs", $$"""
        namespace Shop;
        public class Function
        {
            private static int s_count;
            public System.IO.Stream Handle(System.IO.Stream input)
            {
                string text = new System.IO.StreamReader(input).ReadToEnd();
                while (text != "{}" && !System.IO.File.Exists(text))
                    System.Threading.Thread.Sleep(2);
                return new System.IO.MemoryStream(System.Text.Encoding.UTF8.GetBytes("{{word}} " + ++s_count));
            }
        }
        """);
}
