using System.Net.Http.Json;
using System.Text.Json;
using LambdaStreamRunner.Host.Tests.Verbs;

namespace LambdaStreamRunner.Host.Tests.Durability;

/// <summary>kill -9 at random moments while mappings are made, changed and deleted over the Lambda API: what was answered is there, and the rest is as it was before or after.</summary>
/// <remarks>Real time, since it is about a real process. LAMBDA_STREAM_KILL_ROUNDS and LAMBDA_STREAM_KILL_SEED change rounds and moments.</remarks>
public sealed class MappingKillTests : IDisposable
{
    private const int RoundsDefault = 4;
    private const string Mappings = "/2015-03-31/event-source-mappings";
    private const string StreamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task What_was_answered_is_there_after_kill_9()
    {
        int rounds = KillTests.FromEnvironment("LAMBDA_STREAM_KILL_ROUNDS") ?? RoundsDefault;
        int seed = KillTests.FromEnvironment("LAMBDA_STREAM_KILL_SEED") ?? Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"{rounds} rounds, LAMBDA_STREAM_KILL_SEED={seed}");
        var moments = new Random(seed);
        string config = _workspace.Configure("Succeed");
        var known = new KnownMapping();
        int answered = 0;
        for (int round = 1; round <= rounds; round++)
        {
            await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", config, "--port", "0", "--data", "data");
            using var http = new HttpClient { BaseAddress = await program.EndpointAsync() };
            Assert.True(await known.IsFoundAsync(http), $"Round {round}, LAMBDA_STREAM_KILL_SEED={seed}: {known} is not what is there.");

            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task<int> changing = known.ChangeUntilRefusedAsync(http, first);
            await Task.WhenAny(first.Task, changing);         // a loaded machine is slow
            await Task.Delay(TimeSpan.FromMilliseconds(moments.Next(20, 500)), TimeProvider.System, TestContext.Current.CancellationToken);
            await program.SignalAsync("KILL");
            await program.ExitAsync();
            answered += await changing;
        }
        Assert.True(answered >= rounds, "Changes were answered.");
    }

    /// <summary>A mapping as its client knows it: what was answered last, and what was asked and not answered.</summary>
    private sealed record KnownMapping
    {
        private static readonly JsonSerializerOptions AsWritten = new();

        private string? _uuid;                                // null: there is none
        private int _batchSize;
        private bool _isAsked;                                // the last request may have been done, or not

        public override string ToString() => $"mapping {_uuid ?? "none"} with BatchSize {_batchSize}, {(_isAsked ? "one change asked" : "no change asked")}";

        public async Task<bool> IsFoundAsync(HttpClient http)
        {
            // The configuration's own mapping has another function name in its ARN.
            JsonElement[] found = [.. (await http.GetFromJsonAsync<JsonElement>($"{Mappings}?FunctionName=Clicks%3A%24LATEST")).GetProperty("EventSourceMappings").EnumerateArray()];
            JsonElement? mapping = found.Length == 0 ? null : found[0];
            string? uuid = mapping?.GetProperty("UUID").GetString();
            int batchSize = mapping?.GetProperty("BatchSize").GetInt32() ?? 0;
            bool isRight = found.Length <= 1 && (uuid, batchSize) switch
            {
                _ when uuid == _uuid && batchSize == _batchSize => true,
                _ when !_isAsked => false,
                (null, _) => true,                            // deleted
                _ when _uuid is null => batchSize == 1,       // made
                _ => uuid == _uuid && batchSize == _batchSize + 1,
            };
            (_uuid, _batchSize, _isAsked) = (uuid, batchSize, false);
            return isRight;
        }

        /// <summary>Makes it, changes it some times, deletes it, and so on; the number of answers.</summary>
        public async Task<int> ChangeUntilRefusedAsync(HttpClient http, TaskCompletionSource first)
        {
            int answers = 0;
            try
            {
                while (true)
                {
                    _isAsked = true;
                    using HttpResponseMessage response = await NextAsync(http);
                    if (response.IsSuccessStatusCode)
                    {
                        JsonElement mapping = await response.Content.ReadFromJsonAsync<JsonElement>();
                        bool isDeleting = mapping.GetProperty("State").GetString() == "Deleting";
                        (_uuid, _batchSize) = isDeleting ? (null, 0) : (mapping.GetProperty("UUID").GetString(), mapping.GetProperty("BatchSize").GetInt32());
                        answers++;
                        first.TrySetResult();
                    }
                    else
                    {
                        string refusal = await response.Content.ReadAsStringAsync();
                        Assert.Matches("is in use|already exists", refusal);
                    }
                    _isAsked = false;
                }
            }
            catch (HttpRequestException)
            {
                return answers;                               // killed
            }
        }

        private Task<HttpResponseMessage> NextAsync(HttpClient http)
        {
            if (_uuid is null)
                return http.PostAsJsonAsync(Mappings, new { EventSourceArn = StreamArn, FunctionName = "Clicks:$LATEST", StartingPosition = "LATEST", BatchSize = 1 }, AsWritten);
            return _batchSize < 5
                ? http.PutAsJsonAsync($"{Mappings}/{_uuid}", new { BatchSize = _batchSize + 1 }, AsWritten)
                : http.DeleteAsync(new Uri($"{Mappings}/{_uuid}", UriKind.Relative));
        }
    }
}
