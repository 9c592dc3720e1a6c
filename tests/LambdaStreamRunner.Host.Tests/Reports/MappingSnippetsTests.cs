using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Simulation.Tuning;
using Microsoft.CodeAnalysis.CSharp;
using YamlDotNet.RepresentationModel;

namespace LambdaStreamRunner.Host.Tests.Reports;

public sealed class MappingSnippetsTests : IDisposable
{
    private static readonly TunedSetting Setting = Some.Setting(4, 500, 2, 8);

    private static readonly TunedSetting FanOut = Setting with { Mapping = Setting.Mapping with { Polling = PollingMode.Push, MaximumRecordAge = TimeSpan.FromMinutes(10) } };

    private static readonly TunedSetting Plain = new(1, new EventSourceMapping { Polling = PollingMode.Aws });

    private readonly Workspace _workspace = new();

    [Fact]
    public void The_snippet_for_runner_json_is_taken_by_the_configuration_and_says_the_same()
    {
        foreach (TunedSetting setting in (TunedSetting[])[Setting, FanOut, Plain])
        {
            JsonNode file = JsonNode.Parse(Of(setting).RunnerJson)!;
            file["Functions"] = JsonNode.Parse("""{ "AccessLog": { "CodeUri": "AccessLog", "Handler": "AccessLog::AccessLog.Function::HandleAsync" } }""");

            ConfigurationResult read = ConfigurationFile.Parse(Encoding.UTF8.GetBytes(file.ToJsonString()), "/tmp", ConfigurationOverrides.None, DateTimeOffset.UnixEpoch);

            Assert.Empty(read.Errors);
            MappingConfiguration mapping = Assert.Single(read.Configuration!.Mappings);
            Assert.Equal(SettingJson.Of(setting).ToJsonString(), SettingJson.Of(new TunedSetting(read.Configuration.Streams.Single().ShardCount, mapping.Settings)).ToJsonString());
        }
    }

    [Fact]
    public void Sam_and_CloudFormation_are_yaml_with_the_names_of_the_resources()
    {
        YamlNode events = Yaml(Of(Setting).Sam)["Resources"]["AccessLogFunction"]["Properties"]["Events"]["AccessLogRecords"];
        YamlNode mapping = Yaml(Of(FanOut).CloudFormation)["Resources"]["AccessLogMapping"];

        Assert.Equal("Kinesis", events["Type"].ToString());
        Assert.Equal(
            ["Stream", "StartingPosition", "BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor", "BisectBatchOnFunctionError", "MaximumRetryAttempts", "FunctionResponseTypes"],
            ((YamlMappingNode)events["Properties"]).Children.Keys.Select(key => key.ToString()));
        Assert.Equal("AWS::Lambda::EventSourceMapping", mapping["Type"].ToString());
        Assert.Equal(("500", "2", "8", "true"), (Text(mapping, "BatchSize"), Text(mapping, "MaximumBatchingWindowInSeconds"), Text(mapping, "ParallelizationFactor"), Text(mapping, "BisectBatchOnFunctionError")));
        Assert.Equal(("600", "AccessLogConsumer"), (Text(mapping, "MaximumRecordAgeInSeconds"), Text(mapping, "EventSourceArn")));
        Assert.Equal("ReportBatchItemFailures", mapping["Properties"]["FunctionResponseTypes"][0].ToString());
        Assert.Equal("4", Yaml(Of(FanOut).CloudFormation)["Resources"]["AccessLogStream"]["Properties"]["ShardCount"].ToString());
        Assert.Equal("AWS::Kinesis::StreamConsumer", Yaml(Of(FanOut).Sam)["Resources"]["AccessLogConsumer"]["Type"].ToString());
    }

    [Fact]
    public void What_is_aws_default_is_left_out()
    {
        Assert.DoesNotContain("MaximumRetryAttempts", Of(Plain).CloudFormation, StringComparison.Ordinal);
        Assert.DoesNotContain("Bisect", Of(Plain).Cdk, StringComparison.Ordinal);
        Assert.Contains("MaximumBatchingWindowInSeconds: 0", Of(Plain).CloudFormation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cdk_snippet_is_csharp()
    {
        foreach (TunedSetting setting in (TunedSetting[])[Setting, FanOut, Plain])
            Assert.Empty(CSharpSyntaxTree.ParseText(Of(setting).Cdk, new CSharpParseOptions(kind: Microsoft.CodeAnalysis.SourceCodeKind.Script), cancellationToken: TestContext.Current.CancellationToken).GetDiagnostics(TestContext.Current.CancellationToken));

        Assert.Contains("MaxBatchingWindow = Duration.Seconds(2),", Of(Setting).Cdk, StringComparison.Ordinal);
        Assert.Contains("new KinesisConsumerEventSource(consumer, new KinesisEventSourceProps", Of(FanOut).Cdk, StringComparison.Ordinal);
        Assert.Contains("MaxRecordAge = Duration.Seconds(600),", Of(FanOut).Cdk, StringComparison.Ordinal);
    }

    [Fact]
    public void The_terraform_snippet_has_the_names_of_the_provider()
    {
        Assert.Equal(
            """
            resource "aws_kinesis_stream" "access_log" {
              name        = "clicks"
              shard_count = 4
            }

            resource "aws_lambda_event_source_mapping" "access_log" {
              event_source_arn                   = aws_kinesis_stream.access_log.arn
              function_name                      = "AccessLog"
              starting_position                  = "TRIM_HORIZON"
              batch_size                         = 500
              maximum_batching_window_in_seconds = 2
              parallelization_factor             = 8
              bisect_batch_on_function_error     = true
              maximum_retry_attempts             = 2
              function_response_types            = ["ReportBatchItemFailures"]
            }
            """, Of(Setting).Terraform);
        Assert.Contains("aws_kinesis_stream_consumer.access_log.arn", Of(FanOut).Terraform, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_none_breaks_no_snippet()
    {
        const string Odd = "a'b\"; $(touch x) #\n";
        var snippets = new MappingSnippets(FanOut, Odd, Odd);

        Assert.Equal(Odd, Yaml(snippets.CloudFormation)["Resources"]["AbtouchxMapping"]["Properties"]["FunctionName"].ToString());
        Assert.Empty(CSharpSyntaxTree.ParseText(snippets.Cdk, new CSharpParseOptions(kind: Microsoft.CodeAnalysis.SourceCodeKind.Script), cancellationToken: TestContext.Current.CancellationToken).GetDiagnostics(TestContext.Current.CancellationToken));
        Assert.Contains("--function-name 'a'\\''b\"; $(touch x) #", snippets.AwsCli, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_of_the_aws_cli_make_and_change_a_mapping_of_the_embedded_server()
    {
        const string Aws = "/usr/bin/aws";
        Assert.SkipUnless(File.Exists(Aws) || Environment.GetEnvironmentVariable("CI") == "true", $"{Aws} is not installed (apt-get install awscli).");
        _workspace.Write("runner.json", JsonSerializer.Serialize(new
        {
            Streams = new { clicks = new { ShardCount = 2 } },
            Functions = new { AccessLog = new { CodeUri = Workspace.DllOf("AccessLog"), Handler = "AccessLog::AccessLog.Function::HandleAsync" } },
        }));
        await using LambdaStream program = LambdaStream.Start(_workspace, "run", "--config", "runner.json", "--port", "0", "--in-memory");
        Uri endpoint = await program.EndpointLineAsync();

        string[] commands = [.. Of(Setting).AwsCli.Split('\n').Where(line => !line.StartsWith('#'))];
        Assert.Equal(3, commands.Length);
        string script = $$"""
            set -eu
            aws() { /usr/bin/aws --endpoint-url {{endpoint.AbsoluteUri.TrimEnd('/')}} --output json "$@"; }
            {{commands[0]}} >/dev/null
            UUID=$({{commands[1]}} | python3 -c 'import json, sys; print(json.load(sys.stdin)["UUID"])')
            until aws lambda get-event-source-mapping --uuid "$UUID" | grep -q '"State": "Enabled"'; do :; done
            {{commands[2]}}
            """;
        (int exitCode, string output, string errors) = await AwsShell.RunAsync(script);

        Assert.True(exitCode == 0, $"{output}{errors}{program.Said}");
        JsonElement mapping = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal((500, 2, 8), (mapping.GetProperty("BatchSize").GetInt32(), mapping.GetProperty("MaximumBatchingWindowInSeconds").GetInt32(), mapping.GetProperty("ParallelizationFactor").GetInt32()));
        Assert.Equal((true, 2), (mapping.GetProperty("BisectBatchOnFunctionError").GetBoolean(), mapping.GetProperty("MaximumRetryAttempts").GetInt32()));
        Assert.Equal("ReportBatchItemFailures", mapping.GetProperty("FunctionResponseTypes")[0].GetString());
    }

    public void Dispose() => _workspace.Dispose();

    private static MappingSnippets Of(TunedSetting setting) => new(setting, "clicks", "AccessLog");

    private static YamlMappingNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static string Text(YamlNode resource, string property) => resource["Properties"][property].ToString();
}
