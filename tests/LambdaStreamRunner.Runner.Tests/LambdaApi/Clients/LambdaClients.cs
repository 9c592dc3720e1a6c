using System.Reflection;
using LambdaStreamRunner.Runner.Tests.Hosting;
using LambdaStreamRunner.StreamServer.Tests.Clients;

namespace LambdaStreamRunner.Runner.Tests.LambdaApi.Clients;

/// <summary>boto3 and @aws-sdk/client-lambda, unchanged. The aws CLI leads a mapping through its life in the tests of the program (MappingLifeTests).</summary>
public class LambdaClients
{
    private const string Python = "/usr/bin/python3";
    private const string Boto3 = "/usr/lib/python3/dist-packages/boto3/__init__.py";
    private const string Node = "/usr/bin/node";

    private const string Script =
        """
        import sys, json, boto3
        source, function = sys.argv[2:]
        aws = boto3.client("lambda", endpoint_url=sys.argv[1])

        def at_rest(uuid):
            while True:
                mapping = aws.get_event_source_mapping(UUID=uuid)
                if mapping["State"] in ("Enabled", "Disabled"):
                    return mapping

        created = aws.create_event_source_mapping(
            EventSourceArn=source, FunctionName=function, StartingPosition="TRIM_HORIZON", BatchSize=10, ParallelizationFactor=2,
            BisectBatchOnFunctionError=True, MaximumRetryAttempts=2, DestinationConfig={"OnFailure": {}}, FunctionResponseTypes=["ReportBatchItemFailures"])
        assert created["State"] == "Creating" and created["StateTransitionReason"] == "User action", created
        uuid = created["UUID"]
        assert at_rest(uuid)["State"] == "Enabled"
        updating = aws.update_event_source_mapping(UUID=uuid, BatchSize=20, Enabled=False)
        assert updating["State"] == "Disabling" and updating["BatchSize"] == 20, updating
        assert at_rest(uuid)["State"] == "Disabled"
        pages = aws.get_paginator("list_event_source_mappings").paginate(EventSourceArn=source, PaginationConfig={"PageSize": 1})
        assert [m["UUID"] for page in pages for m in page["EventSourceMappings"]] == [uuid]

        for wrong, error, message in [
            (dict(EventSourceArn=source, FunctionName=function, StartingPosition="LATEST"), "ResourceConflictException", uuid),
            (dict(EventSourceArn=source, FunctionName="Nobody", StartingPosition="LATEST"), "InvalidParameterValueException", "Function does not exist"),
            (dict(EventSourceArn=source, FunctionName=function, StartingPosition="LATEST", BatchSize=10001), "ValidationException", "'batchSize'"),
        ]:
            try:
                aws.create_event_source_mapping(**wrong)
                raise AssertionError(wrong)
            except aws.exceptions.ClientError as e:
                assert e.response["Error"]["Code"] == error and message in e.response["Error"]["Message"], e.response

        assert function in [f["FunctionName"] for page in aws.get_paginator("list_functions").paginate() for f in page["Functions"]]
        assert aws.get_function(FunctionName=function)["Configuration"]["State"] == "Active"
        answer = aws.invoke(FunctionName="Echo", Payload=json.dumps({"name": "Ada"}))
        assert json.load(answer["Payload"]) == "hello Ada" and answer["ExecutedVersion"] == "$LATEST", answer
        failed = aws.invoke(FunctionName="Echo", Payload=json.dumps({"name": "nobody"}))
        assert failed["FunctionError"] == "Unhandled" and json.load(failed["Payload"])["errorType"] == "FormatException", failed
        assert aws.invoke(FunctionName="Echo", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202

        assert aws.delete_event_source_mapping(UUID=uuid)["State"] == "Deleting"
        try:
            while True:
                aws.get_event_source_mapping(UUID=uuid)
        except aws.exceptions.ResourceNotFoundException as e:
            assert e.response["Error"]["Message"] == "The resource you requested does not exist.", e.response
        print("ok")
        """;

    private static readonly string NodeFolder = typeof(LambdaClients).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "NodeClients").Value!;

    [Fact]
    public async Task Boto3_makes_changes_lists_invokes_and_deletes()
    {
        ClientProcess.Require(Python, "python3");
        ClientProcess.Require(Boto3, "python3-boto3");
        await using LambdaServer server = await StartAsync();

        Assert.Equal("ok", (await ClientProcess.RunAsync(Python, "-c", Script, UrlOf(server), LambdaServer.StreamArn, "Clicks")).Trim());
    }

    [Fact]
    public async Task Nodes_client_makes_changes_lists_tags_invokes_and_deletes()
    {
        ClientProcess.Require(Node, "nodejs");
        ClientProcess.RequireFile(Path.Combine(NodeFolder, "node_modules", "@aws-sdk", "client-lambda", "package.json"), $"npm ci in {NodeFolder}");
        await using LambdaServer server = await StartAsync();

        Assert.Equal("ok", (await ClientProcess.RunAsync(Node, Path.Combine(NodeFolder, "lambda.mjs"), UrlOf(server), LambdaServer.StreamArn, "Clicks")).Trim());
    }

    private static Task<LambdaServer> StartAsync() => LambdaServer.StartAsync(options => options.AddFunction(
        "Echo", (InvokeTests.Greeting greeting) => greeting.Name == "nobody" ? throw new FormatException("Who is nobody?") : $"hello {greeting.Name}"));

    private static string UrlOf(LambdaServer server) => server.Runner.Endpoint!.AbsoluteUri.TrimEnd('/');
}
