using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>Our runtime for JavaScript, in real processes. <see href="https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html"/>.</summary>
public class NodeRuntimeTests
{
    private const string Doubles = "async event => event.n * 2";

    [Theory]
    [InlineData("index.handler", "index.mjs", $"export const handler = {Doubles};")]
    [InlineData("index.handler", "index.js", $"exports.handler = {Doubles};")]
    [InlineData("index.handler", "index.cjs", $"exports.handler = {Doubles};")]
    [InlineData("src/shop/index.handler", "src/shop/index.mjs", $"export const handler = {Doubles};")]
    [InlineData("index.shop.handler", "index.js", $"exports.shop = {{ handler: {Doubles} }};")]
    [InlineData("index.handler", "index.mjs", "const two = await Promise.resolve(2); export const handler = async event => event.n * two;")]
    [InlineData("index.handler", "index.js", "exports.handler = event => Promise.resolve(event.n * 2);")]
    [InlineData("index.handler", "index.js", "exports.handler = event => ({ then: resolve => resolve(event.n * 2) });")]
    [InlineData("index.handler", "index.js", "exports.handler = (event, context, callback) => callback(null, event.n * 2);")]
    [InlineData("index.handler", "index.js", "exports.handler = (event, context, callback) => setTimeout(() => callback(null, event.n * 2), 1);")]
    [InlineData("index.handler", "index.js", "exports.handler = (event, context) => context.succeed(event.n * 2);")]
    public async Task Handlers_of_every_shape_are_invoked_again_and_again(string handler, string file, string text)
    {
        await using Function function = await Function.StartAsync(handler, (file, text));

        Assert.Equal("response 2", $"{await function.Process.InvokeAsync("""{"n":1}""")}");
        Assert.Equal("response 42", $"{await function.Process.InvokeAsync("""{"n":21}""")}");
    }

    [Fact]
    public async Task A_package_json_makes_js_files_modules()
    {
        await using Function function = await Function.StartAsync("src/index.handler", ("package.json", """{"type":"module"}"""), ("src/index.js", $"export const handler = {Doubles};"));

        Assert.Equal("response 6", $"{await function.Process.InvokeAsync("""{"n":3}""")}");
    }

    [Theory]
    [InlineData("async () => { throw new TypeError('no stock'); }", "error TypeError: no stock")]
    [InlineData("() => { throw new RangeError('no stock'); }", "error RangeError: no stock")]
    [InlineData("async () => { throw 'no stock'; }", "error string: no stock")]
    [InlineData("async () => { throw 7; }", "error number: 7")]
    [InlineData("() => Promise.reject()", "error string: handled")]
    [InlineData("(event, context, callback) => callback(new Error('no stock'))", "error Error: no stock")]
    [InlineData("(event, context, callback) => callback('no stock')", "error string: no stock")]
    [InlineData("async () => { const loop = {}; loop.loop = loop; return loop; }", "error Error: The answer cannot be written as JSON")]
    [InlineData("async () => 7n", "error Error: The answer cannot be written as JSON: Do not know how to serialize a BigInt")]
    [InlineData("async () => new Promise(() => {})", "error Runtime.NodeJsExit: The handler waits for a promise that nothing can settle")]
    public async Task What_a_handler_throws_is_reported_and_the_next_invocation_runs_there(string handler, string answer)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", $"let calls = 0; const first = {handler}; exports.handler = {Restated(handler)}"));

        Assert.StartsWith(answer, $"{await function.Process.InvokeAsync()}", StringComparison.Ordinal);
        Assert.Equal("response 2", $"{await function.Process.InvokeAsync()}");
    }

    [Fact]
    public async Task An_error_has_the_handlers_stack_and_its_type_in_the_header()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", "exports.handler = async () => { throw new TypeError('no stock'); };"));

        RuntimeAnswer answer = await function.Process.InvokeAsync();

        Assert.Equal("TypeError", answer.ErrorType);
        Assert.Contains("index.js:1", answer.Json.GetProperty("stackTrace")[1].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(event, context, callback) => {}", "null")]
    [InlineData("() => undefined", "null")]
    [InlineData("() => 7", "null")]
    [InlineData("async () => undefined", "null")]
    [InlineData("async () => ({ batchItemFailures: [] })", """{"batchItemFailures":[]}""")]
    [InlineData("async () => 'größer €'", "\"größer €\"")]
    public async Task What_counts_is_what_is_promised_or_called_back(string handler, string answer)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", $"exports.handler = {handler};"));

        Assert.Equal($"response {answer}", $"{await function.Process.InvokeAsync()}");
    }

    [Fact]
    public async Task An_error_is_logged_with_its_code_and_what_was_assigned_to_it()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.mjs", """
            export const handler = async () => { throw Object.assign(new Error('no stock'), { code: 'E_STOCK', article: { id: 7 } }); };
            """));

        await function.Process.InvokeAsync();
        await function.Process.InvokeAsync();                 // the first's output has come by then, in its order

        Assert.Contains("""ERROR	Invoke Error	{"errorType":"Error","errorMessage":"no stock","code":"E_STOCK","article":{"id":7},"stack":["Error: no stock",""", function.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("const loop = { code: 1 }; loop.loop = loop; throw Object.assign(new Error('no stock'), { loop });")]
    [InlineData("throw Object.assign(new Error('no stock'), { amount: 7n });")]
    public async Task An_error_that_JSON_cannot_hold_is_logged_without_the_rest(string body)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", $"exports.handler = async () => {{ {body} }};"));

        await function.Process.InvokeAsync();
        await function.Process.InvokeAsync();

        Assert.Contains("""ERROR	Invoke Error	{"errorType":"Error","errorMessage":"no stock","stackTrace":""", function.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import '@aws-sdk/client-missing/x';")]
    [InlineData("import { createRequire } from 'node:module'; createRequire(import.meta.url)('@aws-sdk/client-missing');")]
    public async Task A_missing_SDK_is_told_with_what_to_do(string text)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.mjs", text));

        await function.Process.AnswerAsync();
        await function.Process.ExitAsync();

        Assert.Contains($"Lambda brings '@aws-sdk/client-missing', this runner does not: run 'npm install --no-save @aws-sdk/client-missing' in '{function.Code.Path}'.", function.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.mjs", $"export const handler = {Doubles};")]
    [InlineData("index.js", $"exports.handler = {Doubles};")]
    public async Task Folders_may_have_any_letters(string file, string text)
    {
        RuntimeProcess.Require("/usr/bin/node");
        using var code = new CodeFolder(($"ein Büro #1 100%/{file}", text));
        FunctionConfiguration function = code.Function("nodejs20.x", "index.handler") with { CodeUri = code.PathOf("ein Büro #1 100%") };
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(function);

        Assert.Equal("response 2", $"{await process.InvokeAsync("""{"n":1}""")}");
    }

    [Theory]
    [InlineData(true, "started,later,answered")]
    [InlineData(false, "started,answered")]
    public async Task A_callback_waits_for_an_empty_event_loop_unless_it_is_told_not_to(bool waits, string order)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", $$"""
            const order = [];
            exports.handler = (event, context, callback) => {
              context.callbackWaitsForEmptyEventLoop = {{(waits ? "true" : "false")}};
              order.push('started');
              setTimeout(() => order.push('later'), 20);
              callback(null, { toJSON() { order.push('answered'); return order.join(); } });
            };
            """));

        Assert.Equal($"response \"{order}\"", $"{await function.Process.InvokeAsync()}");
    }

    [Fact]
    public async Task The_context_tells_what_Lambda_tells()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.mjs", """
            export const handler = async (event, context) => ({
              ...context, left: context.getRemainingTimeInMillis() > 1e12, trace: process.env._X_AMZN_TRACE_ID, runtime: process.env.AWS_EXECUTION_ENV, folder: process.cwd(),
            });
            """));

        JsonElement told = (await function.Process.InvokeAsync()).Json;

        Assert.Equal("request-1", told.GetProperty("awsRequestId").GetString());
        Assert.Equal(CodeFolder.FunctionArn, told.GetProperty("invokedFunctionArn").GetString());
        Assert.Equal("shop", told.GetProperty("functionName").GetString());
        Assert.Equal("$LATEST", told.GetProperty("functionVersion").GetString());
        Assert.Equal("256", told.GetProperty("memoryLimitInMB").GetString());
        Assert.Equal("/aws/lambda/shop", told.GetProperty("logGroupName").GetString());
        Assert.True(told.GetProperty("callbackWaitsForEmptyEventLoop").GetBoolean());
        Assert.True(told.GetProperty("left").GetBoolean());
        Assert.Equal("Root=1-0-0", told.GetProperty("trace").GetString());
        Assert.Equal("AWS_Lambda_nodejs20.x", told.GetProperty("runtime").GetString());
        Assert.Equal(function.Code.Path, told.GetProperty("folder").GetString());
    }

    [Fact]
    public async Task Console_lines_have_time_request_and_level()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.mjs", """
            console.log('loading');
            export const handler = async () => { console.log('%d hits\nof', 3, { a: 1 }); console.error('late'); process.stdout.write('plain\n'); };
            """));

        await function.Process.InvokeAsync();
        await function.Process.InvokeAsync();                 // the first's output has come by then, in its order

        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t\tINFO\tloading$", function.Process.Output);
        Assert.Matches(@"(?m)^\S+Z\trequest-1\tINFO\t3 hits\rof \{ a: 1 \}\n\S+Z\trequest-1\tERROR\tlate\nplain$", function.Process.Output);
    }

    [Theory]
    [InlineData("async () => { Promise.reject(new Error('forgotten')); await new Promise(() => setTimeout(() => {}, 60000)); }", "error Runtime.UnhandledPromiseRejection: Error: forgotten")]
    [InlineData("async () => { setTimeout(() => { throw new Error('forgotten'); }); await new Promise(() => setTimeout(() => {}, 60000)); }", "error Error: forgotten")]
    public async Task What_nobody_catches_fails_the_invocation_and_ends_the_process(string handler, string answer)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", $"exports.handler = {handler};"));

        Assert.Equal(answer, $"{await function.Process.InvokeAsync()}");
        Assert.Equal(1, await function.Process.ExitAsync());
    }

    [Fact]
    public async Task What_nobody_catches_between_two_invocations_ends_the_process_without_blaming_one()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", "exports.handler = async () => { setTimeout(() => { throw new Error('forgotten'); }, 20); return 1; };"));

        Assert.Equal("response 1", $"{await function.Process.InvokeAsync()}");
        Assert.Equal(1, await function.Process.ExitAsync());
        Assert.Contains("Uncaught Exception\t{\"errorType\":\"Error\",\"errorMessage\":\"forgotten\"", function.Process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exit_is_the_handlers_own()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.js", "exports.handler = async () => { console.log('bye'); process.exit(3); };"));

        function.Process.Give();

        Assert.Equal(3, await function.Process.ExitAsync());
        Assert.Contains("INFO\tbye", function.Process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("export const handler = async () => {", "init Runtime.UserCodeSyntaxError: SyntaxError: ")]
    [InlineData("import './missing.mjs'; export const handler = async () => {};", "init Error: Cannot find module '")]
    [InlineData("import { createRequire } from 'node:module'; createRequire(import.meta.url)('missing');", "init Runtime.ImportModuleError: Error: Cannot find module 'missing'")]
    [InlineData("export const handle = async () => {};", "init Runtime.HandlerNotFound: index.handler is undefined or not exported")]
    [InlineData("export const handler = 7;", "init Runtime.HandlerNotFound: index.handler is not a function")]
    [InlineData("throw new RangeError('no table');", "init RangeError: no table")]
    [InlineData("await new Promise(() => {});", "init Runtime.NodeJsExit: The module waits for a promise that nothing can settle")]
    [InlineData("export const handler = awslambda.streamifyResponse(async (event, stream) => stream.end());", "init Runtime.StreamingNotAvailable: index.handler streams its response")]
    public async Task Code_that_cannot_be_loaded_is_reported_and_ends_the_process(string text, string answer)
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.mjs", text));

        Assert.StartsWith(answer, $"{await function.Process.AnswerAsync()}", StringComparison.Ordinal);
        Assert.Equal(1, await function.Process.ExitAsync());
    }

    [Fact]
    public async Task Callbacks_are_refused_where_Lambda_refuses_them()
    {
        RuntimeProcess.Require("/usr/bin/node");
        using var code = new CodeFolder(("index.mjs", "export const handler = (event, context, callback) => callback(null, 1);"));
        await using RuntimeProcess process = await RuntimeProcess.StartAsync(code.Function("nodejs24.x", "index.handler"));

        Assert.StartsWith("init Runtime.CallbackHandlerDeprecated: index.handler takes a callback", $"{await process.AnswerAsync()}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_and_answers_of_megabytes_pass_whole()
    {
        await using Function function = await Function.StartAsync("index.handler", ("index.mjs", "export const handler = async event => event;"));
        string large = $"\"{new string('ü', 2_500_000)}\"";

        Assert.Equal(large, (await function.Process.InvokeAsync(large)).Body);
        Assert.Equal("\"small\"", (await function.Process.InvokeAsync("\"small\"")).Body);
    }

    private static string Restated(string handler) =>
        handler.StartsWith("async", StringComparison.Ordinal)
            ? "async (...values) => ++calls === 1 ? await first(...values) : calls;"
            : "(event, context, callback) => ++calls === 1 ? first(event, context, callback) : Promise.resolve(calls);";

    private sealed record Function(CodeFolder Code, RuntimeProcess Process) : IAsyncDisposable
    {
        public static async Task<Function> StartAsync(string handler, params (string, string)[] files)
        {
            RuntimeProcess.Require("/usr/bin/node");
            var code = new CodeFolder(files);
            return new Function(code, await RuntimeProcess.StartAsync(code.Function("nodejs20.x", handler)));
        }

        public async ValueTask DisposeAsync()
        {
            await Process.DisposeAsync();
            Code.Dispose();
        }
    }
}
