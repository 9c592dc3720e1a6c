using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer;
using LambdaStreamRunner.StreamServer.Protocol;
using LambdaStreamRunner.StreamServer.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Answers requests as Lambda does, errors included. Function code never comes this way.</summary>
internal sealed class LambdaEndpoint(LambdaService service, ILogger logger)
{
    private const string Mappings = "/2015-03-31/event-source-mappings";
    private const string Functions = "/2015-03-31/functions";
    private const string Tags = "/2017-03-31/tags";

    private static readonly LambdaAction[] Actions =
    [
        new CreateEventSourceMapping("POST", Mappings),
        new ListEventSourceMappings("GET", Mappings),
        new GetEventSourceMapping("GET", $"{Mappings}/{{UUID}}"),
        new UpdateEventSourceMapping("PUT", $"{Mappings}/{{UUID}}"),
        new DeleteEventSourceMapping("DELETE", $"{Mappings}/{{UUID}}"),
        new TagResource("POST", $"{Tags}/{{ARN}}"),
        new UntagResource("DELETE", $"{Tags}/{{ARN}}"),
        new ListTags("GET", $"{Tags}/{{ARN}}"),
        new ListFunctions("GET", Functions),
        new GetFunction("GET", $"{Functions}/{{FunctionName}}"),
        new GetFunctionConfiguration("GET", $"{Functions}/{{FunctionName}}/configuration"),
        new Invoke("POST", $"{Functions}/{{FunctionName}}/invocations"),
        new FunctionChange("CreateFunction", "POST", Functions),
        new FunctionChange("UpdateFunctionCode", "PUT", $"{Functions}/{{FunctionName}}/code"),
        new FunctionChange("UpdateFunctionConfiguration", "PUT", $"{Functions}/{{FunctionName}}/configuration"),
        new FunctionChange("DeleteFunction", "DELETE", $"{Functions}/{{FunctionName}}"),
    ];

    /// <summary>What is served, by AWS's names.</summary>
    public static IEnumerable<string> ActionNames => Actions.Where(action => action is not FunctionChange).Select(action => action.Name);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-amzn-RequestId"] = RequestIds.NewRequestId();
        LambdaAnswer answer = await AnswerAsync(context);
        foreach ((string name, string value) in answer.Headers)
            context.Response.Headers[name] = value;
        await KinesisAnswer.WriteAsync(context, answer.Status, answer.Body.IsEmpty ? null : "application/json", answer.Body);
    }

    private async Task<LambdaAnswer> AnswerAsync(HttpContext context)
    {
        try
        {
            return await ExecuteAsync(context);
        }
        catch (LambdaException error)
        {
            return AnswerOf(error);
        }
        catch (KinesisException error)                        // from what both APIs share
        {
            return AnswerOf(LambdaException.Of(error));
        }
        catch (StorageException error)
        {
            return AnswerOf(LambdaException.Service(error.Message));
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LambdaActionFailed($"{context.Request.Method} {context.Request.Path}", fault);
            return AnswerOf(LambdaException.Service("The server failed; its log says why."));
        }
    }

    private async Task<LambdaAnswer> ExecuteAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string[] parts = LambdaAction.PartsOf(request.Path.Value ?? "");
        foreach (LambdaAction action in Actions)
        {
            if (!action.Matches(request.Method, parts, out string subject))
                continue;
            if (!HttpMethods.IsGet(request.Method) && ForeignPage.Sent(request))
                throw LambdaException.Of(ForeignPage.Refused(request, action.Name));
            using RequestBody body = await RequestBody.ReadAsync(context) ?? throw LambdaException.TooLarge(RequestBody.BytesMax, action.Operation);
            return await action.ExecuteAsync(new LambdaRequest(request, subject, body.Bytes), service);
        }
        throw LambdaException.Unknown(LambdaTexts.Unknown(request.Method, request.Path.Value ?? "", string.Join(", ", ActionNames)));
    }

    private static LambdaAnswer AnswerOf(LambdaException error)
    {
        LambdaAnswer answer = LambdaAnswer.Json(error.StatusCode, error.Write);
        (string, string)[] headers = [("x-amzn-ErrorType", error.Error)];
        return answer with { Headers = error.StatusCode == StatusCodes.Status429TooManyRequests ? [.. headers, ("Retry-After", "1")] : headers };
    }
}
