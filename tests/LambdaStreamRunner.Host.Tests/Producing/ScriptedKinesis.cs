using System.Globalization;
using System.Net;
using System.Text.Json;
using LambdaStreamRunner.Core.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Host.Tests.Producing;

/// <summary>Takes PutRecords and ListShards, and fails as it is told, by a seed.</summary>
internal sealed class ScriptedKinesis : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly List<StoredRecord> _stored = [];
    private readonly Dictionary<string, int> _refusals = [];

    private ScriptedKinesis(WebApplication app, int seed) => (_app, _random) = (app, new Random(seed));

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Chance that an entry is refused, 0 to 1.</summary>
    public double EntryFailures { get; init; }

    /// <summary>Chance that a whole request fails; the first one never does.</summary>
    public double RequestFailures { get; init; }

    /// <summary>Keys that are always refused.</summary>
    public HashSet<string> Refused { get; } = [];

    public HashKeyRange[] Shards { get; set; } = HashKeyRange.Split(1);

    /// <summary>Answers ListShards with an error.</summary>
    public bool HidesShards { get; init; }

    /// <summary>Entries that share a partition key with an earlier one of their request.</summary>
    public int SharedKeys { get; private set; }

    public int MostAtOnce { get; private set; }

    public int Requests { get; private set; }

    /// <summary>What is on the stream, in order.</summary>
    public IReadOnlyList<StoredRecord> Stored
    {
        get
        {
            lock (_gate)
                return [.. _stored];
        }
    }

    public int RefusalsOf(string key)
    {
        lock (_gate)
            return _refusals.GetValueOrDefault(key);
    }

    public static async Task<ScriptedKinesis> StartAsync(int seed = 1, double entryFailures = 0, double requestFailures = 0, bool hidesShards = false)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var kinesis = new ScriptedKinesis(app, seed) { EntryFailures = entryFailures, RequestFailures = requestFailures, HidesShards = hidesShards };
        app.Run(kinesis.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return kinesis;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.Body);
        string action = context.Request.Headers["X-Amz-Target"].ToString().Split('.')[1];
        (int status, string body) = action == "PutRecords" ? Put(request.RootElement) : List();
        if (status == 0)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(body);
    }

    private (int Status, string Body) List()
    {
        lock (_gate)
        {
            return HidesShards
                ? (400, """{"__type":"UnknownOperationException"}""")
                : (200, JsonSerializer.Serialize(new
                {
                    Shards = Shards.Select((range, i) => new
                    {
                        ShardId = IdOf(i),
                        HashKeyRange = new { StartingHashKey = range.StartingHashKey.ToString(CultureInfo.InvariantCulture), EndingHashKey = range.EndingHashKey.ToString(CultureInfo.InvariantCulture) },
                        SequenceNumberRange = new { StartingSequenceNumber = "0" },
                    }),
                }));
        }
    }

    private (int Status, string Body) Put(JsonElement request)
    {
        lock (_gate)
        {
            if (Requests++ == 0 || _random.NextDouble() >= RequestFailures)
                return (200, PutEntries(request));
            switch (_random.Next(5))
            {
                case 0:
                    return (400, """{"__type":"ProvisionedThroughputExceededException","message":"Rate exceeded."}""");
                case 1:
                    return (500, """{"__type":"InternalFailure"}""");
                case 2:
                    return (0, "");                           // cut off before anything was put
                case 3:
                    PutEntries(request);
                    return (0, "");                           // ... and after it
                default:
                    PutEntries(request);
                    return (503, "<html>busy</html>");
            }
        }
    }

    private string PutEntries(JsonElement request)
    {
        object[] results = [.. request.GetProperty("Records").EnumerateArray().Select(PutEntry)];
        MostAtOnce = Math.Max(MostAtOnce, results.Length);
        string[] keys = [.. request.GetProperty("Records").EnumerateArray().Select(KeyOf)];
        SharedKeys += keys.Length - keys.Distinct().Count();
        return JsonSerializer.Serialize(new { FailedRecordCount = results.Count(result => result is Refusal), Records = results });
    }

    private object PutEntry(JsonElement entry)
    {
        string key = KeyOf(entry);
        if (Refused.Contains(key) || _random.NextDouble() < EntryFailures)
        {
            _refusals[key] = _refusals.GetValueOrDefault(key) + 1;
            return _random.Next(2) == 0
                ? new Refusal("ProvisionedThroughputExceededException", "Rate exceeded for shard.")
                : new Refusal("InternalFailure", "Internal Service Failure");
        }
        UInt128 hash = HashKeyRange.HashOf(System.Text.Encoding.UTF8.GetBytes(key));
        string shard = IdOf(Array.FindIndex(Shards, range => range.Contains(hash)));
        _stored.Add(new StoredRecord(shard, key, entry.GetProperty("Data").GetBytesFromBase64()));
        return new { SequenceNumber = _stored.Count.ToString(CultureInfo.InvariantCulture), ShardId = shard };
    }

    /// <summary>Shards of another number have other names, as after a reshard.</summary>
    private string IdOf(int index) => $"shardId-{Shards.Length:000000}{index:000000}";

    private static string KeyOf(JsonElement entry) => entry.GetProperty("PartitionKey").GetString()!;

    public sealed record StoredRecord(string Shard, string PartitionKey, byte[] Data);

    private sealed record Refusal(string ErrorCode, string ErrorMessage);
}
