using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

public class AllMistakesAtOnceTests
{
    [Fact]
    public void Every_mistake_of_every_section_is_reported_in_one_run_in_the_order_of_the_file()
    {
        const string Json = """
            {
              "Streems": {},
              "Streams": { "clicks": { "ShardCount": 0 }, "orders": 3 },
              "Functions": {
                "AccessLog": { "Handler": "AccessLog::Handle", "Timeout": 1000 }
              },
              "EventSourceMappings": [
                { "EventSourceArn": "click", "FunctionName": "AccesLog",
                  "BatchSize": 20000,
                  "FilterCriteria": { "Filters": [{}] },
                  "DestinationConfig": { "OnFailure": { "Destination": "arn:aws:sqs:us-east-1:000000000000:q" } } },
                "clicks"
              ],
              "Input": [ {} ]
            }
            """;

        Assert.Equal(
            [
                "line 2: Streems is not a setting of the configuration. Did you mean 'Streams'?",
                "line 3: Streams.clicks.ShardCount is 0; AWS takes 1 to 100000. Write a number in that range, or leave it out for 4.",
                "line 3: Streams.orders is 3; write an object in braces.",
                "line 5: Functions.AccessLog.CodeUri is missing; name a project folder, a built folder or a DLL, relative to this file.",
                "line 5: Functions.AccessLog.Timeout is 1000; AWS takes 1 to 900. Write a number in that range, or leave it out for 3.",
                "line 5: Functions.AccessLog.Handler is \"AccessLog::Handle\"; write Assembly::Namespace.Type::Method. The assembly's name alone is for a program with a Main.",
                "line 8: EventSourceMappings[0].EventSourceArn is \"click\", which is not under Streams. Did you mean 'clicks'? Add \"click\": { \"ShardCount\": 1 } to Streams.",
                "line 8: EventSourceMappings[0].FunctionName is \"AccesLog\", which is not under Functions. Did you mean 'AccessLog'? Add 'AccesLog' to Functions, with CodeUri and Handler.",
                "line 8: EventSourceMappings[0].StartingPosition is missing; write TRIM_HORIZON, LATEST or AT_TIMESTAMP.",
                "line 9: EventSourceMappings[0].BatchSize is 20000; AWS takes 1 to 10000. Write a number in that range, or leave it out for 100.",
                "line 10: EventSourceMappings[0].FilterCriteria.Filters[0].Pattern is missing; write a JSON text as \"{\\\"data\\\":{\\\"field\\\":[\\\"value\\\"]}}\".",
                "line 11: EventSourceMappings[0].DestinationConfig.OnFailure.Destination is \"arn:aws:sqs:us-east-1:000000000000:q\", and nothing is sent to AWS unasked. Say where it is with \"Endpoints\": { \"sqs\": \"http://127.0.0.1:4566\" }, or \"aws\", at the top of the file, or write \"file:failed/records.jsonl\".",
                "line 12: EventSourceMappings[1] is \"clicks\"; write an object in braces.",
                "line 14: Input[0].File is missing; name a file relative to this one.",
                "line 14: Input[0].Stream is missing; name a stream of Streams.",
                "line 14: Input[0].PartitionKey is missing; write a JSON path as $.user.id, a regular expression as /^(\\S+)/, or the key itself.",
            ],
            Read(Json).Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void A_name_that_a_dot_would_garble_is_quoted_in_the_path() =>
        Assert.Equal("Streams['my.stream'].ShardCount", OnlyError("""{ "Streams": { "my.stream": { "ShardCount": 0 } } }""").Path);
}
