using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>Our runtime for Python, in real processes. <see href="https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html"/>.</summary>
public class PythonRuntimeTests
{
    private const string Doubles = "def handler(event, context):\n    return event['n'] * 2\n";

    [Theory]
    [InlineData("app.handler", "app.py")]
    [InlineData("shop/app.handler", "shop/app.py")]
    [InlineData("shop.app.handler", "shop/app.py")]
    [InlineData("shop.handler", "shop/__init__.py")]
    [InlineData("bootstrap.handler", "bootstrap.py")]
    [InlineData("handler.handler", "handler.py")]
    public async Task Handlers_are_found_and_invoked_again_and_again(string handler, string file)
    {
        await using Function function = await Function.StartAsync(handler, (file, Doubles));

        Assert.Equal("response 2", $"{await function.Process.InvokeAsync("""{"n":1}""")}");
        Assert.Equal("response 42", $"{await function.Process.InvokeAsync("""{"n":21}""")}");
    }

    [Theory]
    [InlineData("return None", "null")]
    [InlineData("return {'batchItemFailures': []}", """{"batchItemFailures": []}""")]
    [InlineData("import decimal; return [decimal.Decimal('7'), decimal.Decimal('0.5')]", "[7, 0.5]")]
    [InlineData("return b'{\"batchItemFailures\":[]}'", """{"batchItemFailures":[]}""")]
    [InlineData("import collections; return [collections.namedtuple('Failure', 'itemIdentifier')('7')]", """[{"itemIdentifier": "7"}]""")]
    public async Task What_it_returns_is_the_answer(string body, string answer)
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", $"def handler(event, context):\n    {body}\n"));

        Assert.Equal($"response {answer}", $"{await function.Process.InvokeAsync()}");
    }

    [Theory]
    [InlineData("raise ValueError('no stock')", "error ValueError: no stock")]
    [InlineData("{}['stock']", "error KeyError: 'stock'")]
    [InlineData("return {1, 2}", "error Runtime.MarshalError: Unable to marshal response: Object of type set is not JSON serializable")]
    [InlineData("import decimal; return decimal.Decimal('Infinity')", "error Runtime.MarshalError: Unable to marshal response: ")]
    [InlineData("return float('nan')", "error Runtime.MarshalError: Unable to marshal response: Out of range float values are not JSON compliant")]
    [InlineData("raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()", "error Odd: What Odd says cannot be read.")]
    public async Task What_it_raises_is_reported_and_the_next_invocation_runs_there(string body, string answer)
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", $"calls = 0\ndef handler(event, context):\n    global calls\n    calls += 1\n    if calls == 2: return 2\n    {body}\n"));

        Assert.StartsWith(answer, $"{await function.Process.InvokeAsync()}", StringComparison.Ordinal);
        Assert.Equal("response 2", $"{await function.Process.InvokeAsync()}");
    }

    [Fact]
    public async Task An_error_has_the_handlers_frames_outermost_first_and_the_request()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", "def find():\n    raise KeyError('stock')\ndef handler(event, context):\n    find()\n"));

        RuntimeAnswer answer = await function.Process.InvokeAsync();

        Assert.Equal("KeyError", answer.ErrorType);
        Assert.Equal("request-1", answer.Json.GetProperty("requestId").GetString());
        JsonElement trace = answer.Json.GetProperty("stackTrace");
        Assert.Equal(2, trace.GetArrayLength());
        Assert.StartsWith($"  File \"{function.Code.PathOf("app.py")}\", line 4, in handler\n    find()\n", trace[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("line 2, in find", trace[1].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_context_tells_what_Lambda_tells()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", """
            import os
            def handler(event, context):
                told = {name: getattr(context, name) for name in ('aws_request_id', 'invoked_function_arn', 'function_name', 'function_version', 'memory_limit_in_mb', 'log_group_name', 'log_stream_name', 'client_context')}
                return {**told, 'left': context.get_remaining_time_in_millis() > 1e12, 'identity': context.identity.cognito_identity_id, 'trace': os.environ['_X_AMZN_TRACE_ID'], 'runtime': os.environ['AWS_EXECUTION_ENV'], 'folder': os.getcwd()}
            """));

        JsonElement told = (await function.Process.InvokeAsync()).Json;

        Assert.Equal("request-1", told.GetProperty("aws_request_id").GetString());
        Assert.Equal(CodeFolder.FunctionArn, told.GetProperty("invoked_function_arn").GetString());
        Assert.Equal("shop", told.GetProperty("function_name").GetString());
        Assert.Equal("$LATEST", told.GetProperty("function_version").GetString());
        Assert.Equal("256", told.GetProperty("memory_limit_in_mb").GetString());
        Assert.Equal("/aws/lambda/shop", told.GetProperty("log_group_name").GetString());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("client_context").ValueKind);
        Assert.Equal(JsonValueKind.Null, told.GetProperty("identity").ValueKind);
        Assert.True(told.GetProperty("left").GetBoolean());
        Assert.Equal("Root=1-0-0", told.GetProperty("trace").GetString());
        Assert.Equal("AWS_Lambda_python3.11", told.GetProperty("runtime").GetString());
        Assert.Equal(function.Code.Path, told.GetProperty("folder").GetString());
    }

    [Fact]
    public async Task Log_lines_have_time_request_and_level_and_prints_are_lines()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", """
            import logging
            logging.getLogger().setLevel(logging.INFO)
            def handler(event, context):
                logging.info('%d hits\nof', 3)
                logging.debug('unseen')
                print('plain')
                logging.getLogger('shop').error('late')
                print('no end', end='')
            """));

        await function.Process.InvokeAsync();
        await function.Process.InvokeAsync();                 // the first's output has come by then, in its order

        Assert.Matches(@"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trequest-1\tINFO\t3 hits\rof\nplain\n\S+Z\trequest-1\tERROR\tlate\nno end", function.Process.Output);
        Assert.DoesNotContain("unseen", function.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_format_of_the_functions_own_may_name_the_request()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", """
            import logging
            logging.getLogger().handlers[0].setFormatter(logging.Formatter('%(asctime)s %(aws_request_id)s %(message)s\n', '%H'))
            def handler(event, context):
                logging.error('late')
            """));

        await function.Process.InvokeAsync();
        await function.Process.InvokeAsync();                 // the first's output has come by then, in its order

        Assert.Matches(@"\A\d\d request-1 late\n\d\d request-2", function.Process.Output + "\n");
    }

    [Fact]
    public async Task A_log_level_of_Lambdas_that_Python_does_not_know_shows_what_is_to_be_debugged()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        using var code = new CodeFolder(("app.py", "import logging\ndef handler(event, context): logging.debug('seen')\n"));
        FunctionConfiguration function = code.Function("python3.11", "app.handler");
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(function with { EnvironmentVariables = function.EnvironmentVariables.SetItem("AWS_LAMBDA_LOG_LEVEL", "TRACE") });

        await process.InvokeAsync();
        await process.InvokeAsync();

        Assert.Contains("\tDEBUG\tseen", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_that_the_function_sets_for_all_sockets_does_not_end_an_idle_environment()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", """
            import gc, socket
            socket.setdefaulttimeout(5)
            def handler(event, context):
                return [open.gettimeout() for open in gc.get_objects() if isinstance(open, socket.socket)]
            """));

        Assert.Equal("response [null]", $"{await function.Process.InvokeAsync()}");
    }

    [Fact]
    public async Task A_safe_path_of_the_interpreter_hides_neither_the_runtime_nor_the_code()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        using var code = new CodeFolder(("app.py", Doubles));
        FunctionConfiguration function = code.Function("python3.11", "app.handler");
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(function with { EnvironmentVariables = function.EnvironmentVariables.SetItem("PYTHONSAFEPATH", "1") });

        Assert.Equal("response 2", $"{await process.InvokeAsync("""{"n":1}""")}");
    }

    [Fact]
    public async Task A_missing_SDK_is_told_with_what_to_do()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", "raise ImportError(\"No module named 'boto3'\")\n"));

        await function.Process.AnswerAsync();
        await function.Process.ExitAsync();

        Assert.Contains("Lambda brings 'boto3', this runner does not: run '", function.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_may_have_any_letters()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        using var code = new CodeFolder(("ein Büro #1 100%/app.py", Doubles));
        FunctionConfiguration function = code.Function("python3.11", "app.handler") with { CodeUri = code.PathOf("ein Büro #1 100%") };
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(function);

        Assert.Equal("response 2", $"{await process.InvokeAsync("""{"n":1}""")}");
    }

    [Theory]
    [InlineData("import sys; print('bye'); sys.exit(3)", 3)]
    [InlineData("import os; print('bye'); os._exit(4)", 4)]
    public async Task An_exit_is_the_handlers_own(string body, int code)
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", $"def handler(event, context):\n    {body}\n"));

        function.Process.Give();

        Assert.Equal(code, await function.Process.ExitAsync());
        Assert.Contains("bye", function.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("def handler(event, context)\n", "init Runtime.UserCodeSyntaxError: Syntax error in module 'app': ")]
    [InlineData("import missing_package\n", "init Runtime.ImportModuleError: Unable to import module 'app': No module named 'missing_package'")]
    [InlineData("def handle(event, context): pass\n", "init Runtime.HandlerNotFound: Handler 'handler' missing on module 'app'")]
    [InlineData("raise RuntimeError('no table')\n", "init RuntimeError: no table")]
    public async Task Code_that_cannot_be_loaded_is_reported_and_ends_the_process(string text, string answer)
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", text));

        Assert.StartsWith(answer, $"{await function.Process.AnswerAsync()}", StringComparison.Ordinal);
        Assert.Equal(1, await function.Process.ExitAsync());
    }

    [Fact]
    public async Task Imports_come_from_the_code_first_then_from_later_layers()
    {
        RuntimeProcess.Require("/usr/bin/python3");
        using var code = new CodeFolder(("app.py", "import a, b, c\ndef handler(event, context): return [a.place, b.place, c.place]\n"), ("a.py", "place = 'code'\n"));
        using var first = new CodeFolder(("python/a.py", "place = 'first'\n"), ("python/b.py", "place = 'first'\n"), ("python/lib/python3.11/site-packages/c.py", "place = 'first'\n"));
        using var second = new CodeFolder(("python/b.py", "place = 'second'\n"));
        FunctionConfiguration function = code.Function("python3.11", "app.handler") with { Layers = [first.Path, second.Path] };
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(function);

        Assert.Equal("""response ["code", "second", "first"]""", $"{await process.InvokeAsync()}");
    }

    [Fact]
    public async Task Events_and_answers_of_megabytes_pass_whole()
    {
        await using Function function = await Function.StartAsync("app.handler", ("app.py", "def handler(event, context): return event\n"));
        string large = $"\"{new string('x', 5_000_000)}\"";

        Assert.Equal(large, (await function.Process.InvokeAsync(large)).Body);
        Assert.Equal("ü€", (await function.Process.InvokeAsync("\"ü€\"")).Json.GetString());
    }

    private sealed record Function(CodeFolder Code, RuntimeProcess Process) : IAsyncDisposable
    {
        public static async Task<Function> StartAsync(string handler, params (string, string)[] files)
        {
            RuntimeProcess.Require("/usr/bin/python3");
            var code = new CodeFolder(files);
            return new Function(code, await RuntimeProcess.StartAsync(code.Function("python3.11", handler)));
        }

        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            Code.Dispose();
        }
    }
}
