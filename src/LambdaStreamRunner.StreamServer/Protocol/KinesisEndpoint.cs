using System.Collections.Frozen;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Actions;
using LambdaStreamRunner.StreamServer.Protocol.Cbor;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Answers requests as Kinesis does, errors included: the checks come in AWS's order (Kinesis reference 1.5).</summary>
internal sealed class KinesisEndpoint(KinesisService service, ILogger logger)
{
    private const string TargetPrefix = "Kinesis_20131202.";
    private const string AccessDenied =
        "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n";

    private static readonly FrozenDictionary<string, KinesisAction> Actions = new KinesisAction[]
    {
        new AddTagsToStream(),
        new CreateStream(),
        new DecreaseStreamRetentionPeriod(),
        new DeleteResourcePolicy(),
        new DeleteStream(),
        new DeregisterStreamConsumer(),
        new DescribeAccountSettings(),
        new DescribeLimits(),
        new DescribeStream(),
        new DescribeStreamConsumer(),
        new DescribeStreamSummary(),
        new DisableEnhancedMonitoring(),
        new EnableEnhancedMonitoring(),
        new GetRecords(),
        new GetResourcePolicy(),
        new GetShardIterator(),
        new IncreaseStreamRetentionPeriod(),
        new ListShards(),
        new ListStreamConsumers(),
        new ListStreams(),
        new ListTagsForResource(),
        new ListTagsForStream(),
        new MergeShards(),
        new PutRecord(),
        new PutRecords(),
        new PutResourcePolicy(),
        new RegisterStreamConsumer(),
        new RemoveTagsFromStream(),
        new SplitShard(),
        new StartStreamEncryption(),
        new StopStreamEncryption(),
        new SubscribeToShard(),
        new TagResource(),
        new UntagResource(),
        new UpdateAccountSettings(),
        new UpdateMaxRecordSize(),
        new UpdateShardCount(),
        new UpdateStreamMode(),
        new UpdateStreamWarmThroughput(),
    }.ToFrozenDictionary(action => TargetPrefix + action.Name, StringComparer.Ordinal);

    private readonly CallRates? _rates = service.Streams.Options.Limits is StreamLimits.Aws ? new CallRates() : null;

    /// <summary>What is served.</summary>
    public static IEnumerable<string> ActionNames => Actions.Values.Select(action => action.Name);

    public async Task HandleAsync(HttpContext context)
    {
        KinesisAnswer.WriteCommonHeaders(context);
        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.Origin.Count > 0)
        {
            await KinesisAnswer.WritePreflightAsync(context);
            return;
        }
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await KinesisAnswer.WriteXmlAsync(context, 403, AccessDenied);
            return;
        }

        using RequestBody? body = await RequestBody.ReadAsync(context);
        if (body is null)
            await KinesisAnswer.WriteAsync(context, 413, null, default);
        else
            await AnswerAsync(context, body.Bytes);
    }

    private async Task AnswerAsync(HttpContext context, ArraySegment<byte> body)
    {
        string target = context.Request.Headers["X-Amz-Target"].ToString();
        Actions.TryGetValue(target, out KinesisAction? action);
        string contentType = MediaType(context.Request.ContentType);
        switch (contentType)
        {
            case KinesisAnswer.Json:
                await AnswerAsync(context, action, body, PayloadFormat.Json);
                break;
            case KinesisAnswer.Cbor:
            case not null when body.Count == 0:               // AWS answers in CBOR unless JSON was named
                await AnswerAsync(context, action, body, PayloadFormat.Cbor);
                break;
            case "application/json":
                await AnswerLegacyAsync(context, body);
                break;
            default:
                bool named = target.Split('.') is [{ Length: > 0 }, { Length: > 0 }, ..];
                await KinesisAnswer.WriteXmlAsync(context, named ? 404 : 403, named ? "<UnknownOperationException/>\n" : AccessDenied);
                break;
        }
    }

    private async Task AnswerAsync(HttpContext context, KinesisAction? action, ArraySegment<byte> body, PayloadFormat format)
    {
        if (action is SubscribeToShard)
            action = new SubscribeToShard();                  // it keeps what this call begins
        if (action is not null && ForeignPage.Sent(context.Request) && !ForeignPage.MayCall(action))
        {
            logger.PageRefused(context.Request.Headers.Origin.ToString(), action.Name);
            await KinesisAnswer.WriteErrorAsync(context, ForeignPage.Refused(context.Request, action.Name), format);
            return;
        }
        using var answer = new PooledWriter();
        if (await TryAsync(context.Request, action, body, format, answer) is { } error)
            await KinesisAnswer.WriteErrorAsync(context, error, format);
        else if (action is SubscribeToShard { Subscription: { } subscription })
            await KinesisAnswer.WriteEventsAsync(context, subscription, format);
        else
            await KinesisAnswer.WriteAsync(context, answer, format);
    }

    /// <summary>Executes the request; null, or the error to answer.</summary>
    private async ValueTask<KinesisException?> TryAsync(
        HttpRequest request, KinesisAction? action, ArraySegment<byte> body, PayloadFormat format, PooledWriter answer)
    {
        try
        {
            await (format is PayloadFormat.Cbor ? ExecuteCbor(request, action, body, answer) : ExecuteJson(request, action, body, answer));
            return null;
        }
        catch (KinesisException error)
        {
            return error;
        }
        catch (Exception fault) when (action is not null)
        {
            logger.ActionFailed(action.Name, fault);
            return KinesisException.InternalFailure();
        }
    }

    /// <summary>What is hot has a way of its own for requests in the usual shape; false means that nothing was done.</summary>
    private bool TryExecuteFast(HttpRequest request, KinesisAction? action, ArraySegment<byte> body, PooledWriter answer, out Task safe)
    {
        safe = Task.CompletedTask;
        return action switch
        {
            PutRecords => Credentials.AreUsual(request) && FastPut.TryPutMany(body, service.Streams, answer, out safe),
            PutRecord => Credentials.AreUsual(request) && FastPut.TryPutOne(body, service.Streams, answer, out safe),
            _ => false,
        };
    }

    private Task ExecuteCbor(HttpRequest request, KinesisAction? action, ArraySegment<byte> body, PooledWriter answer)
    {
        if (body.Count > 0)
            CborShape.Check(body);
        else if (action is not null)
            throw Unreadable();
        if (action is null)
            throw UnknownOperation();

        Credentials.Check(request);
        using var json = new PooledWriter();
        CborRequest.Transcode(body, action.Members, json);
        return ExecuteJson(request, action, json.Segment, answer);
    }

    private Task ExecuteJson(HttpRequest request, KinesisAction? action, ArraySegment<byte> body, PooledWriter answer) =>
        TryExecuteFast(request, action, body, answer, out Task safe) ? safe : Execute(request, action, body, answer);

    private Task Execute(HttpRequest request, KinesisAction? action, ArraySegment<byte> body, PooledWriter answer)
    {
        if (body.Count == 0 && action is null)
            throw UnknownOperation();

        using JsonDocument document = Parse(body);
        if (action is null)
            throw UnknownOperation();

        Credentials.Check(request);
        TypeCheck.Check(document.RootElement, action.Members);
        Validation.Check(document.RootElement, action.Members);
        var arguments = new Arguments(document.RootElement);
        KinesisService callers = service.For(Caller.Of(request, service.Caller));
        _rates?.Take(action, arguments, callers);
        return action.ExecuteAsync(arguments, callers, answer);
    }

    private static JsonDocument Parse(ArraySegment<byte> body)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(body.AsMemory());
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
        throw Unreadable();
    }

    /// <summary>What is left of the protocol before JSON 1.1: it knows no operation.</summary>
    private static Task AnswerLegacyAsync(HttpContext context, ArraySegment<byte> body)
    {
        (int status, string type) = (404, "UnknownOperationException");
        try
        {
            Parse(body).Dispose();
        }
        catch (KinesisException)
        {
            (status, type) = (400, "SerializationException");
        }
        string json = $"{{\"Output\":{{\"__type\":\"com.amazon.coral.service#{type}\"}},\"Version\":\"1.0\"}}";
        return KinesisAnswer.WriteAsync(context, status, "application/json", System.Text.Encoding.UTF8.GetBytes(json));
    }

    private static string MediaType(string? contentType)
    {
        if (contentType is null || contentType == KinesisAnswer.Json)
            return contentType ?? "";
        int parameters = contentType.IndexOf(';', StringComparison.Ordinal);
        return (parameters < 0 ? contentType : contentType[..parameters]).Trim();
    }

    private static KinesisException Unreadable() => new("SerializationException", null);

    private static KinesisException UnknownOperation() => new("UnknownOperationException", null);
}
