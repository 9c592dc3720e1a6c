using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Environments;
using LambdaStreamRunner.Runner.Environments.Runtimes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>What is started for a function, and the sentences for what cannot be.</summary>
public sealed class EnvironmentPlansTests : IDisposable
{
    private readonly CodeFolder _code = new();
    private readonly CodeFolder _layer = new();
    private readonly CodeFolder _laterLayer = new();

    public void Dispose()
    {
        _code.Dispose();
        _layer.Dispose();
        _laterLayer.Dispose();
    }

    [Fact]
    public async Task JavaScript_runs_on_node_with_nine_tenths_of_the_memory_and_without_what_Lambda_turns_off()
    {
        RuntimeProcess.Require("/usr/bin/node");
        _code.Write("index.mjs", "");

        EnvironmentPlan plan = await Plan(_code.Function("nodejs22.x", "index.handler"));

        Assert.Equal("node", Path.GetFileName(plan.Command));
        Assert.Contains("--max-old-space-size=230", plan.Arguments);
        Assert.Equal(RuntimeFile("nodejs", "bootstrap.cjs"), plan.Arguments[^1]);
        Assert.Equal(_code.Path, plan.TaskRoot);
        Assert.Equal("index.handler", plan.Handler);
        Assert.Equal("AWS_Lambda_nodejs22.x", plan.Variables["AWS_EXECUTION_ENV"]);
        Assert.Equal(Path.GetDirectoryName(plan.Arguments[^1]), plan.Variables["LAMBDA_RUNTIME_DIR"]);
        Assert.Equal(["--inspect-brk=127.0.0.1:9229", .. plan.Arguments], plan.Debugger!.Arguments);
    }

    [Fact]
    public async Task A_debugger_may_be_given_another_port()
    {
        RuntimeProcess.Require("/usr/bin/node");
        _code.Write("index.mjs", "");

        EnvironmentPlan plan = await EnvironmentPlans.OfAsync(_code.Function("nodejs22.x", "index.handler"), new FunctionBuild(), debuggerPort: 9300, TestContext.Current.CancellationToken);

        Assert.Equal("--inspect-brk=127.0.0.1:9300", plan.Debugger!.Arguments[0]);
    }

    [Theory]
    [InlineData("bin/index.mjs", """{"bin":{"aws-lambda-ric":"bin/index.mjs"}}""")]
    [InlineData("index.mjs", """{"bin":{"aws-lambda-ric":"./index.mjs"}}""")]
    [InlineData("index.mjs", """{"bin":"index.mjs"}""")]
    public async Task A_function_may_ship_the_runtime_interface_client_and_options_of_its_own(string start, string description)
    {
        RuntimeProcess.Require("/usr/bin/node");
        _code.Write("index.js", "");
        _layer.Write("nodejs/node_modules/aws-lambda-ric/package.json", description);
        string client = _layer.Write($"nodejs/node_modules/aws-lambda-ric/{start}", "");
        FunctionConfiguration function = With(_code.Function("nodejs22.x", "index.handler"), ("NODE_OPTIONS", "--max-old-space-size=100 --experimental-require-module --experimental-detect-module")) with { Layers = [_layer.Path] };

        Assert.Equal([client, "index.handler"], (await Plan(function)).Arguments);
    }

    [Theory]
    [InlineData("""{"bin":{"aws-lambda-ric":"index.mjs"}}""", "'{folder}/index.mjs' is missing: aws-lambda-ric was not installed as a whole. Run 'npm install' again.")]
    [InlineData("""{"name":"aws-lambda-ric"}""", "'{folder}/package.json' cannot be read: ")]
    [InlineData("""{"bin":""", "'{folder}/package.json' cannot be read: ")]
    [InlineData("[]", "'{folder}/package.json' cannot be read: ")]
    public async Task A_client_that_is_not_there_as_a_whole_is_told(string description, string sentence)
    {
        RuntimeProcess.Require("/usr/bin/node");
        _code.Write("index.js", "");
        string path = _code.Write("node_modules/aws-lambda-ric/package.json", description);

        string message = await RefusalAsync(_code.Function("nodejs22.x", "index.handler"), new FunctionBuild());

        Assert.StartsWith(sentence.Replace("{folder}", Path.GetDirectoryName(path), StringComparison.Ordinal), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_are_found_later_ones_first()
    {
        RuntimeProcess.Require("/usr/bin/node");
        _code.Write("index.js", "");
        _code.Write("lib/libshop.so", "");
        foreach (string file in (string[])["nodejs/node_modules/a/index.js", "nodejs/node22/node_modules/a/index.js", "bin/a", "lib/a"])
            _layer.Write(file, "");
        foreach (string file in (string[])["nodejs/node_modules/b/index.js", "nodejs/node20/node_modules/b/index.js", "bin/b"])
            _laterLayer.Write(file, "");

        EnvironmentPlan plan = await Plan(_code.Function("nodejs22.x", "index.handler") with { Layers = [_layer.Path, _laterLayer.Path] });

        Assert.Equal(
            [_layer.PathOf("nodejs/node22/node_modules"), _laterLayer.PathOf("nodejs/node_modules"), _layer.PathOf("nodejs/node_modules")],
            plan.Variables["NODE_PATH"].Split(Path.PathSeparator));
        Assert.EndsWith($"{Path.PathSeparator}{_laterLayer.PathOf("bin")}{Path.PathSeparator}{_layer.PathOf("bin")}", plan.Variables["PATH"], StringComparison.Ordinal);
        Assert.EndsWith($"{_code.Path}{Path.PathSeparator}{_code.PathOf("lib")}{Path.PathSeparator}{_layer.PathOf("lib")}", plan.Variables["LD_LIBRARY_PATH"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_functions_own_variables_win_over_all_but_Lambdas()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        _code.Write("app.py", "");
        _layer.Write("python/a.py", "");
        FunctionConfiguration function = With(
            _code.Function("python3.11", "app.handler"),
            ("TABLE", "shop"), ("PYTHONPATH", "/elsewhere"), ("AWS_EXECUTION_ENV", "mine"), ("LAMBDA_RUNTIME_DIR", "/mine"), ("AWS_LAMBDA_FUNCTION_NAME", "mine"), ("AWS_ACCESS_KEY_ID", "test"));

        EnvironmentPlan plan = await Plan(function with { Layers = [_layer.Path] });

        Assert.Equal("shop", plan.Variables["TABLE"]);
        Assert.Equal("/elsewhere", plan.Variables["PYTHONPATH"]);
        Assert.Equal("test", plan.Variables["AWS_ACCESS_KEY_ID"]);
        Assert.Equal("AWS_Lambda_python3.11", plan.Variables["AWS_EXECUTION_ENV"]);
        Assert.NotEqual("/mine", plan.Variables["LAMBDA_RUNTIME_DIR"]);
        Assert.DoesNotContain("AWS_LAMBDA_FUNCTION_NAME", plan.Variables.Keys);
    }

    [Fact]
    public async Task A_wrapper_of_a_layer_starts_the_runtime()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files are executable by their mode.");
        RuntimeProcess.Require("/usr/bin/python3");
        _code.Write("app.py", "import os\ndef handler(event, context): return os.environ['WRAPPED']\n");
        string wrapper = Executable(_layer.Write("otel/wrap", "#!/bin/sh\nWRAPPED=yes exec \"$@\"\n"));
        FunctionConfiguration function = With(_code.Function("python3.11", "app.handler"), ("AWS_LAMBDA_EXEC_WRAPPER", "/opt/otel/wrap"));

        EnvironmentPlan plan = await Plan(function with { Layers = [_layer.Path] });
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(function with { Layers = [_layer.Path] });

        Assert.Equal(wrapper, plan.Command);
        Assert.Equal("response \"yes\"", $"{await process.InvokeAsync()}");
        Assert.Equal(
            "AWS_LAMBDA_EXEC_WRAPPER is '/opt/otel/wrap', which is not there. /opt/ stands for the function's layers, /var/task/ for its code.",
            await RefusalAsync(function, new FunctionBuild()));
    }

    [Fact]
    public async Task Another_version_of_the_interpreter_is_said()
    {
        RuntimeProcess.Require("/usr/bin/node");
        _code.Write("index.js", "");
        _code.Write("package.json", """{"dependencies":{"left-pad":"1"}}""");

        EnvironmentPlan plan = await Plan(_code.Function("nodejs99.x", "index.handler"));

        Assert.Matches(@"^shop is for nodejs99\.x, and runs on the Node\.js [0-9.]+ that is on the PATH\.$", plan.Notices[0]);
        Assert.Equal($"The package.json of shop names dependencies, and there is no node_modules beside it: run 'npm install' in '{_code.Path}'.", plan.Notices[1]);
    }

    [Fact]
    public async Task Python_waits_for_its_debugger_by_a_package_that_the_function_may_ship()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        _code.Write("app.py", "");
        _code.Write("debugpy/__init__.py", "");

        EnvironmentPlan plan = await Plan(_code.Function("python3.11", "app.handler"));

        Assert.Equal(["-m", "debugpy", "--listen", "127.0.0.1:5678", "--wait-for-client", RuntimeFile("python", "bootstrap.py")], plan.Debugger!.Arguments);
        Assert.Null(plan.NoDebugger);
    }

    [Fact]
    public async Task A_bootstrap_is_the_codes_own_or_that_of_the_last_layer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files are executable by their mode.");
        Executable(_layer.Write("bootstrap", "#!/bin/sh\n"));
        string later = Executable(_laterLayer.Write("bootstrap", "#!/bin/sh\n"));
        FunctionConfiguration function = _code.Function("provided.al2023", "") with { Layers = [_layer.Path, _laterLayer.Path] };

        EnvironmentPlan fromLayer = await Plan(function);
        string own = Executable(_code.Write("bootstrap", "#!/bin/sh\n"));
        EnvironmentPlan fromCode = await Plan(function);

        Assert.Equal(later, fromLayer.Command);
        Assert.Equal(own, fromCode.Command);
        Assert.Equal(_code.Path, fromLayer.TaskRoot);
        Assert.DoesNotContain("AWS_EXECUTION_ENV", fromLayer.Variables.Keys);
    }

    [Theory]
    [InlineData(null, "INFO")]
    [InlineData(FunctionLogLevel.Fatal, "FATAL")]
    public async Task Runtimes_are_told_the_format_and_the_least_level_of_a_LoggingConfig(FunctionLogLevel? level, string told)
    {
        Executable(_code.Write("bootstrap", "#!/bin/sh\n"));
        FunctionConfiguration function = With(_code.Function("provided.al2023", ""), ("AWS_LAMBDA_LOG_LEVEL", "DEBUG"));

        EnvironmentPlan own = await Plan(function);
        EnvironmentPlan configured = await Plan(function with { Logging = new FunctionLogging { LogFormat = FunctionLogFormat.Json, ApplicationLogLevel = level } });

        Assert.Equal("DEBUG", own.Variables["AWS_LAMBDA_LOG_LEVEL"]);
        Assert.DoesNotContain("AWS_LAMBDA_LOG_FORMAT", own.Variables);
        Assert.Equal(("JSON", told), (configured.Variables["AWS_LAMBDA_LOG_FORMAT"], configured.Variables["AWS_LAMBDA_LOG_LEVEL"]));
    }

    [Theory]
    [InlineData("ruby3.3", "a.b", "Runtime 'ruby3.3' cannot be run here: write a dotnet runtime as dotnet10, a Node.js one as nodejs22.x, a Python one as python3.13, or provided.al2023 with a program named bootstrap.")]
    [InlineData("node22.x", "a.b", "Runtime 'node22.x' cannot be run here: write a dotnet runtime as dotnet10, a Node.js one as nodejs22.x, a Python one as python3.13, or provided.al2023 with a program named bootstrap.")]
    [InlineData("nodejs22.x", "index", "Handler 'index' does not have the form file.function, as in index.handler or src/index.handler.")]
    [InlineData("nodejs22.x", "../index.handler", "Handler '../index.handler' does not have the form file.function, as in index.handler or src/index.handler.")]
    [InlineData("nodejs22.x", "idnex.handler", "Handler 'idnex.handler' names the file 'idnex' (.js, .mjs or .cjs), which is not in '{code}'. Did you mean 'index'?")]
    [InlineData("nodejs22.x", "src/order.handler", "Handler 'src/order.handler' names the file 'src/order' (.js, .mjs or .cjs), which is not in '{code}'. Did you mean 'src/orders'?")]
    [InlineData("nodejs22.x", "typed.handler", "Handler 'typed.handler' names 'typed.ts', which Node.js {node} does not run: compile it to JavaScript, and let CodeUri be the folder of the result.")]
    [InlineData("python3.13", "app", "Handler 'app' does not have the form module.function, as in app.handler or package/app.handler.")]
    [InlineData("python3.13", "ap.handler", "Handler 'ap.handler' names the file 'ap.py', which is not in '{code}'. Did you mean 'app'?")]
    [InlineData("dotnet10", "", "Handler is empty. Write Assembly::Namespace.Type::Method for a class library, or the name of the assembly for a program.")]
    [InlineData("dotnet10", "Shp", "CodeUri '{code}' holds no project and no 'Shp'. Did you mean 'Shop'?")]
    [InlineData("dotnet10", "Shop", "Handler 'Shop' names an assembly alone, and 'Shop.dll' is a library. Write the handler as Assembly::Namespace.Type::Method, or make the project a program: <OutputType>Exe</OutputType>.")]
    [InlineData("provided.al2023", "", "The runtime 'provided.al2023' needs an executable file called 'bootstrap', which is neither in '{code}' nor in a layer. Build it, or set Runtime to the language of the function.")]
    public async Task What_cannot_be_started_is_one_sentence(string runtime, string handler, string sentence)
    {
        if (runtime.StartsWith("node", StringComparison.Ordinal))
            RuntimeProcess.Require("/usr/bin/node");
        foreach (string file in (string[])["index.mjs", "src/orders.js", "typed.ts", "app.py", "Shop.dll"])
            _code.Write(file, "");

        string message = await RefusalAsync(_code.Function(runtime, handler), new FunctionBuild());

        Assert.Equal(sentence.Replace("{code}", _code.Path, StringComparison.Ordinal), System.Text.RegularExpressions.Regex.Replace(message, @"Node\.js \d+ does", "Node.js {node} does"));
    }

    [Fact]
    public async Task A_bootstrap_that_is_not_executable()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files are executable by their mode.");
        string path = _code.Write("bootstrap", "#!/bin/sh\n");

        Assert.Equal($"'{path}' is not executable: chmod +x it, also in what you deploy.", await RefusalAsync(_code.Function("provided.al2", ""), new FunctionBuild()));
    }

    [Fact]
    public async Task A_layer_that_is_an_archive()
    {
        string path = _layer.Write("layer.zip", "");

        Assert.Equal($"The layer '{path}' is no folder. A layer is the folder that its archive unpacks to.", await RefusalAsync(_code.Function("provided", "") with { Layers = [path] }, new FunctionBuild()));
    }

    [Fact]
    public async Task A_machine_without_dotnet()
    {
        _code.Write("Shop.dll", "");

        Assert.Equal(
            "Runtime 'dotnet10' needs .NET, and there is no 'no-dotnet' on the PATH: install it from https://dot.net.",
            await RefusalAsync(_code.Function("dotnet10", "Shop::A::B"), new FunctionBuild { DotnetCommand = "no-dotnet" }));
    }

    [Fact]
    public async Task Interpreters_that_are_missing_or_refuse_to_run_give_no_answer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files are executable by their mode.");
        string refuses = Executable(_code.Write("refuses", "#!/bin/sh\necho 'not this version' >&2\nexit 127\n"));

        Assert.Null(await Interpreter.AskAsync(refuses, [], [], TestContext.Current.CancellationToken));
        Assert.Null(await Interpreter.AskAsync(_code.PathOf("missing"), [], [], TestContext.Current.CancellationToken));
    }

    private static Task<EnvironmentPlan> Plan(FunctionConfiguration function) => EnvironmentPlans.OfAsync(function, new FunctionBuild(), TestContext.Current.CancellationToken);

    private static async Task<string> RefusalAsync(FunctionConfiguration function, FunctionBuild build) =>
        (await Assert.ThrowsAsync<FunctionLoadException>(() => EnvironmentPlans.OfAsync(function, build, TestContext.Current.CancellationToken))).Message;

    private static FunctionConfiguration With(FunctionConfiguration function, params (string Name, string Value)[] variables) =>
        function with { EnvironmentVariables = function.EnvironmentVariables.AddRange(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))) };

    private static string RuntimeFile(string language, string name) => Path.Combine(AppContext.BaseDirectory, "lambda-runtimes", language, name);

    private static string Executable(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
