using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace LambdaStreamRunner.Benchmarks.Serving;

/// <summary>Another emulator, installed with npm into a folder of the user's cache when it is not there yet.</summary>
internal static class Peer
{
    private const string KinesaliteVersion = "3.3.3";
    private const string KinesisLocalVersion = "0.6.2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static string Cache => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "lambda-stream-benchmarks");

    /// <summary>Starts it on a free port and makes the stream.</summary>
    public static async Task<(Process Process, Uri Address)> StartAsync(Served peer)
    {
        int port = FreePort();
        Process process = peer is Served.Kinesalite
            ? await StartKinesaliteAsync(port)
            : await StartKinesisLocalAsync(port, FreePort());
        var address = new Uri($"http://127.0.0.1:{port}");
        try
        {
            await MakeStreamAsync(address, process);
            return (process, address);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task<Process> StartKinesaliteAsync(int port)
    {
        string folder = await InstallAsync("kinesalite", KinesaliteVersion);
        return StartQuietly(new ProcessStartInfo(
            "node", [Path.Combine(folder, "cli.js"), "--port", $"{port}", "--shardLimit", "1000", "--createStreamMs", "0", "--deleteStreamMs", "0"]));
    }

    private static async Task<Process> StartKinesisLocalAsync(int port, int tlsPort)
    {
        string folder = await InstallAsync("kinesis-local", KinesisLocalVersion);
        return StartQuietly(new ProcessStartInfo("node", ["main.js"])
        {
            WorkingDirectory = folder,                        // it reads its certificate from there
            Environment =
            {
                ["KINESIS_MOCK_PLAIN_PORT"] = $"{port}", ["KINESIS_MOCK_TLS_PORT"] = $"{tlsPort}", ["SHARD_LIMIT"] = "1000",
                ["LOG_LEVEL"] = "ERROR", ["CREATE_STREAM_DURATION"] = "0ms", ["DELETE_STREAM_DURATION"] = "0ms",
            },
        });
    }

    private static Process StartQuietly(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<string> InstallAsync(string package, string version)
    {
        string folder = Path.Combine(Cache, package);
        string installed = Path.Combine(folder, "node_modules", package);
        if (Directory.Exists(installed))
            return installed;
        Directory.CreateDirectory(folder);
        using Process npm = Process.Start(new ProcessStartInfo(
            "npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, $"{package}@{version}"]))!;
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? installed : throw new InvalidOperationException($"npm could not install {package}.");
    }

    private static async Task MakeStreamAsync(Uri address, Process process)
    {
        using var client = new HttpClient();
        long started = Stopwatch.GetTimestamp();
        string create = $$"""{"StreamName":"{{ServedEndpoint.Stream}}","ShardCount":{{ServedEndpoint.Shards}}}""";
        while (await AskAsync(client, address, "CreateStream", create) is null)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"{process.StartInfo.FileName} did not begin to serve.");
            await Task.Delay(Pause, TimeProvider.System);
        }
        string describe = $$"""{"StreamName":"{{ServedEndpoint.Stream}}"}""";
        while (await AskAsync(client, address, "DescribeStream", describe) is not { } described || !described.Contains("\"ACTIVE\"", StringComparison.Ordinal))
            await Task.Delay(Pause, TimeProvider.System);
    }

    // Null while nobody answers.
    private static async Task<string?> AskAsync(HttpClient client, Uri address, string action, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/x-amz-json-1.1")),
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"Kinesis_20131202.{action}");
        request.Headers.TryAddWithoutValidation("X-Amz-Date", "20260101T000000Z");
        request.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00");
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
