using System.Diagnostics;
using System.Text.Json;
using LambdaStreamRunner.Core.Tests.House;

namespace LambdaStreamRunner.Samples.Tests.AccessLog;

/// <summary>The access-log handler in another language: its folder, and how a script calls it.</summary>
/// <param name="Folder">Below functions/.</param>
/// <param name="Program">The interpreter.</param>
/// <param name="Package">What installs it.</param>
/// <param name="OwnTests">Arguments that run the function's own tests.</param>
/// <param name="Caller">Arguments that invoke the handler with each payload of standard input, and print what was accepted and counted.</param>
public sealed record OtherLanguage(string Folder, string Program, string Package, string[] OwnTests, string[] Caller)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private const string NodeCaller = """
        import fs from 'node:fs';
        import { pathToFileURL } from 'node:url';
        const { handler, traffic } = await import(pathToFileURL('index.mjs').href);
        console.info = () => {};
        const accepted = [];
        for (const data of JSON.parse(fs.readFileSync(0, 'utf8'))) {
          try { await handler({ Records: [{ kinesis: { sequenceNumber: '1', data } }] }); accepted.push(true); }
          catch (error) { if (!(error instanceof TypeError)) throw error; accepted.push(false); }
        }
        console.log(JSON.stringify({ accepted, totals: [...traffic].map(([client, { hits, bytes }]) => [client, String(hits), String(bytes)]) }));
        """;

    private const string PythonCaller = """
        import json, sys
        import app
        def accepts(data):
            try:
                app.handler({'Records': [{'kinesis': {'sequenceNumber': '1', 'data': data}}]}, None)
                return True
            except ValueError as error:
                assert str(error).startswith('Record 1 is not'), error
                return False
        accepted = [accepts(data) for data in json.load(sys.stdin)]
        print(json.dumps({'accepted': accepted, 'totals': [[client, str(hits), str(size)] for client, (hits, size) in app.traffic.items()]}))
        """;

    public static OtherLanguage Node { get; } = new("access-log-node", "/usr/bin/node", "nodejs", ["--test"], ["--input-type=module", "-e", NodeCaller]);

    public static OtherLanguage Python { get; } = new("access-log-python", "/usr/bin/python3", "python3", ["-m", "unittest"], ["-c", PythonCaller]);

    /// <summary>Runs it in its folder; skips the test when the language is not installed, which is a failure in CI (variable CI is true).</summary>
    public async Task<string> RunAsync(string[] arguments, string input)
    {
        if (!File.Exists(Program))
        {
            string reason = $"{Program} is not installed (apt-get install {Package}).";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = Path.Combine(Repository.Root, "functions", Folder),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        await using CancellationTokenRegistration end = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{Program} ended with {process.ExitCode}:\n{await output}{await errors}");
        return await output;
    }

    /// <summary>What the handler makes of payloads, each in an invocation of its own.</summary>
    public async Task<(bool[] Accepted, HashSet<(string Client, string Hits, string Bytes)> Totals)> InvokeAsync(IEnumerable<byte[]> payloads)
    {
        JsonElement answer = JsonSerializer.Deserialize<JsonElement>(await RunAsync(Caller, JsonSerializer.Serialize(payloads)));
        return (
            answer.GetProperty("accepted").Deserialize<bool[]>()!,
            [.. answer.GetProperty("totals").Deserialize<string[][]>()!.Select(total => (total[0], total[1], total[2]))]);
    }

    public override string ToString() => Folder;
}
