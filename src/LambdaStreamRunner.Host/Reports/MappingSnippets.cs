using System.Globalization;
using System.Text.Json.Nodes;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>A setting as the tools write it that deploy it. What has AWS's default is left out, but for the four main knobs.</summary>
/// <param name="setting">What to deploy.</param>
/// <param name="stream">Short name of the stream.</param>
/// <param name="function">Name of the function.</param>
internal sealed class MappingSnippets(TunedSetting setting, string stream, string function)
{
    private readonly EventSourceMapping _mapping = setting.Mapping;

    public IReadOnlyList<Snippet> All =>
    [
        new("runner.json", "json", RunnerJson), new("SAM", "yaml", Sam), new("CloudFormation", "yaml", CloudFormation),
        new("CDK (C#)", "csharp", Cdk), new("Terraform", "hcl", Terraform), new("aws CLI", "shell", AwsCli),
    ];

    /// <summary>Two sections for the configuration of <c>run</c>.</summary>
    public string RunnerJson
    {
        get
        {
            JsonObject mapping = new() { ["EventSourceArn"] = EmbeddedArn, ["FunctionName"] = function, ["StartingPosition"] = "TRIM_HORIZON" };
            foreach ((string name, JsonNode? value) in Written)
                mapping[name] = value?.DeepClone();
            mapping["Runner"] = new JsonObject { ["LanePolicy"] = _mapping.LanePolicy.ToString() };
            if (!setting.HasEnhancedFanOut)
                mapping["Runner"]!["Polling"] = "aws";
            JsonObject file = new() { ["Streams"] = new JsonObject { [stream] = new JsonObject { ["ShardCount"] = setting.Shards } }, ["EventSourceMappings"] = new JsonArray(mapping) };
            return file.ToJsonString(TuningDocument.Options);
        }
    }

    public string Sam => Lines(
    [
        "Resources:", .. StreamResources,
        $"  {Id}Function:", "    Type: AWS::Serverless::Function", "    Properties:",
        "      # CodeUri, Handler, Runtime, ... as before",
        $"      FunctionName: {Quoted(function)}",
        "      Events:", $"        {Id}Records:", "          Type: Kinesis", "          Properties:",
        $"            Stream: {SourceReference}", "            StartingPosition: TRIM_HORIZON", .. Yaml("            "),
    ]);

    public string CloudFormation => Lines(
    [
        "Resources:", .. StreamResources,
        $"  {Id}Mapping:", "    Type: AWS::Lambda::EventSourceMapping", "    Properties:",
        $"      EventSourceArn: {SourceReference}", $"      FunctionName: {Quoted(function)}", "      StartingPosition: TRIM_HORIZON", .. Yaml("      "),
    ]);

    public string Cdk
    {
        get
        {
            string source = setting.HasEnhancedFanOut ? "KinesisConsumerEventSource(consumer" : "KinesisEventSource(stream";
            return Lines(
            [
                "// using Amazon.CDK; using Amazon.CDK.AWS.Kinesis; using Amazon.CDK.AWS.Lambda; using Amazon.CDK.AWS.Lambda.EventSources;",
                $"var stream = new Stream(this, {Quoted(Id + "Stream")}, new StreamProps {{ StreamName = {Quoted(stream)}, ShardCount = {setting.Shards} }});",
                .. setting.HasEnhancedFanOut
                    ? [$"var consumer = new StreamConsumer(this, {Quoted(Id + "Consumer")}, new StreamConsumerProps {{ Stream = stream, StreamConsumerName = {Quoted(ConsumerName)} }});"]
                    : Array.Empty<string>(),
                $"function.AddEventSource(new {source}, new KinesisEventSourceProps", "{", "    StartingPosition = StartingPosition.TRIM_HORIZON,",
                .. CdkProperties.Select(property => $"    {property.Name} = {property.Value},"), "}));",
            ]);
        }
    }

    public string Terraform => Lines(
    [
        $"resource \"aws_kinesis_stream\" \"{TerraformId}\" {{", $"  name        = {Quoted(stream)}", $"  shard_count = {setting.Shards}", "}", "",
        .. setting.HasEnhancedFanOut
            ? [$"resource \"aws_kinesis_stream_consumer\" \"{TerraformId}\" {{", $"  name       = {Quoted(ConsumerName)}", $"  stream_arn = aws_kinesis_stream.{TerraformId}.arn", "}", ""]
            : Array.Empty<string>(),
        $"resource \"aws_lambda_event_source_mapping\" \"{TerraformId}\" {{",
        .. Aligned(
        [
            ("event_source_arn", $"aws_kinesis_stream{(setting.HasEnhancedFanOut ? "_consumer" : "")}.{TerraformId}.arn"), ("function_name", Quoted(function)), ("starting_position", Quoted("TRIM_HORIZON")),
            .. Written.Select(property => (Snake(property.Key), property.Value!.ToJsonString())),
        ]),
        "}",
    ]);

    public string AwsCli
    {
        get
        {
            string options = string.Join(" ", Written.Select(CliOption));
            string shards = setting.Shards.ToString(CultureInfo.InvariantCulture);
            string[] fanOut =
            [
                "# Once: the consumer with enhanced fan-out; its ARN is the mapping's source.",
                $"aws kinesis register-stream-consumer --stream-arn {Shell(StreamArn)} --consumer-name {Shell(ConsumerName)}",
                $"SOURCE_ARN=$(aws kinesis describe-stream-consumer --stream-arn {Shell(StreamArn)} --consumer-name {Shell(ConsumerName)} --query ConsumerDescription.ConsumerARN --output text)",
            ];
            string source = setting.HasEnhancedFanOut ? "\"$SOURCE_ARN\"" : Shell(StreamArn);
            return Lines(
            [
                "# The stream (at most double or half of its shards in one call; a stream that is new: create-stream --shard-count)",
                $"aws kinesis update-shard-count --stream-name {Shell(stream)} --target-shard-count {shards} --scaling-type UNIFORM_SCALING",
                .. setting.HasEnhancedFanOut ? fanOut : [],
                "# A new mapping",
                $"aws lambda create-event-source-mapping --event-source-arn {source} --function-name {Shell(function)} --starting-position TRIM_HORIZON {options}",
                "# Or a mapping that exists: its UUID is in list-event-source-mappings",
                $"aws lambda update-event-source-mapping --uuid \"$UUID\" {options}",
            ]);
        }
    }

    private string StreamArn => $"arn:aws:kinesis:us-east-1:000000000000:stream/{stream}";

    private string EmbeddedArn => setting.HasEnhancedFanOut ? $"{StreamArn}/consumer/{ConsumerName}:1" : stream;

    private string ConsumerName => $"{Id}Consumer";

    private string SourceReference => setting.HasEnhancedFanOut ? $"!Ref {Id}Consumer" : $"!GetAtt {Id}Stream.Arn";

    /// <summary>A logical id: letters and digits only.</summary>
    private string Id
    {
        get
        {
            string letters = string.Concat(function.Where(char.IsAsciiLetterOrDigit));
            return letters.Length == 0 || char.IsAsciiDigit(letters[0]) ? "Function" + letters : char.ToUpperInvariant(letters[0]) + letters[1..];
        }
    }

    private string TerraformId => Snake(Id);

    /// <summary>The mapping's settings by AWS's names: the main knobs, and what is not AWS's default.</summary>
    private IEnumerable<KeyValuePair<string, JsonNode?>> Written
    {
        get
        {
            JsonObject defaults = SettingJson.MappingOf(new EventSourceMapping());
            string[] always = ["BatchSize", "MaximumBatchingWindowInSeconds", "ParallelizationFactor"];
            return SettingJson.MappingOf(_mapping).Where(property => always.Contains(property.Key) || !JsonNode.DeepEquals(property.Value, defaults[property.Key]));
        }
    }

    private IEnumerable<(string Name, string Value)> CdkProperties => Written.Select(property => property.Key switch
    {
        "MaximumBatchingWindowInSeconds" => ("MaxBatchingWindow", $"Duration.Seconds({property.Value})"),
        "BisectBatchOnFunctionError" => ("BisectBatchOnError", "true"),
        "MaximumRetryAttempts" => ("RetryAttempts", property.Value!.ToString()),
        "MaximumRecordAgeInSeconds" => ("MaxRecordAge", $"Duration.Seconds({property.Value})"),
        "FunctionResponseTypes" => ("ReportBatchItemFailures", "true"),
        _ => (property.Key, property.Value!.ToString()),
    });

    private IEnumerable<string> StreamResources =>
    [
        $"  {Id}Stream:", "    Type: AWS::Kinesis::Stream", "    Properties:", $"      Name: {Quoted(stream)}", $"      ShardCount: {setting.Shards}",
        .. setting.HasEnhancedFanOut
            ? [$"  {Id}Consumer:", "    Type: AWS::Kinesis::StreamConsumer", "    Properties:", $"      ConsumerName: {Quoted(ConsumerName)}", $"      StreamARN: !GetAtt {Id}Stream.Arn"]
            : Array.Empty<string>(),
    ];

    private IEnumerable<string> Yaml(string indent) => Written.SelectMany(property => property.Value is JsonArray list
        ? [$"{indent}{property.Key}:", .. list.Select(item => $"{indent}  - {item}")]
        : (string[])[$"{indent}{property.Key}: {property.Value!.ToJsonString()}"]);

    private static string CliOption(KeyValuePair<string, JsonNode?> property)
    {
        string option = "--" + Snake(property.Key).Replace('_', '-');
        return property.Value switch
        {
            JsonArray list => $"{option} {string.Join(" ", list.Select(item => item!.ToString()))}",
            { } value when value.GetValueKind() is System.Text.Json.JsonValueKind.True => option,
            { } value => $"{option} {value}",
            null => option,
        };
    }

    private static IEnumerable<string> Aligned(IReadOnlyList<(string Name, string Value)> properties)
    {
        int width = properties.Max(property => property.Name.Length);
        return properties.Select(property => $"  {property.Name.PadRight(width)} = {property.Value}");
    }

    private static string Snake(string name) => string.Concat(name.Select((letter, index) =>
        char.IsUpper(letter) && index > 0 && !char.IsUpper(name[index - 1]) ? $"_{char.ToLowerInvariant(letter)}" : char.ToLowerInvariant(letter).ToString()));

    // JSON's escapes are a part of those of YAML, C# and HCL; "${" would be a template in HCL, and no name holds it.
    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private static string Shell(string text) => text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.:/".Contains(letter, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
