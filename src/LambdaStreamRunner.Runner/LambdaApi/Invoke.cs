using System.Diagnostics;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html</summary>
internal sealed class Invoke(string method, string path) : LambdaAction(method, path)
{
    /// <summary>Largest payload of a call that is waited for.</summary>
    private const int PayloadBytesMax = 6_291_456;

    /// <summary>Largest payload of a call of type Event. AWS: 256 KB until 2025, 1 MB since.</summary>
    private const int EventPayloadBytesMax = 1_048_576;

    private const string OperationName = "InvokeFunction";

    private static readonly Member InvocationType = new("InvocationType", MemberType.String) { Values = ["Event", "RequestResponse", "DryRun"] };

    private static readonly Member LogType = new("LogType", MemberType.String) { Values = ["None", "Tail"] };

    public override string Operation => OperationName;

    public override async Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        string type = Choice(request.Header("X-Amz-Invocation-Type") ?? "RequestResponse", InvocationType);
        bool isTailAsked = Choice(request.Header("X-Amz-Log-Type") ?? "None", LogType) == "Tail";
        if (request.Header("X-Amz-Client-Context") is not null)
            throw LambdaException.InvalidParameter(LambdaTexts.ClientContext);
        (FunctionConfiguration function, string? qualifier) = service.FunctionOf(request);
        ReadOnlyMemory<byte> payload = PayloadOf(request, type == "Event" ? EventPayloadBytesMax : PayloadBytesMax);
        switch (type)
        {
            case "DryRun":
                return LambdaAnswer.Empty(StatusCodes.Status204NoContent);
            case "Event":
                service.Asynchronous.Begin(AttemptsAt(function, qualifier, payload.ToArray(), service));
                return LambdaAnswer.Empty(StatusCodes.Status202Accepted);
            default:
                return await CallAsync(function, qualifier, payload, isTailAsked, service);
        }
    }

    private static async Task<LambdaAnswer> CallAsync(
        FunctionConfiguration function, string? qualifier, ReadOnlyMemory<byte> payload, bool isTailAsked, LambdaService service)
    {
        string version = function.VersionOf(qualifier)!;
        var invocation = new FunctionInvocation(Guid.NewGuid(), FunctionInvocations.ArnOf(function, qualifier));
        if (!isTailAsked)
            return AnswerOf(await service.Invocations.InvokeAsync(function, qualifier, invocation, payload), version, tail: null);
        LogTail tail = service.Tails.Watch(invocation.RequestId);
        try
        {
            InvocationReport? report = null;
            tail.Add($"START RequestId: {invocation.RequestId} Version: {version}");
            FunctionResult result = await service.Invocations.InvokeAsync(function, qualifier, invocation with { Report = made => report = made }, payload);
            if (function.Hosting is FunctionHosting.Process)
                await tail.QuietAsync(TimeProvider.System);
            tail.Add($"END RequestId: {invocation.RequestId}");
            tail.Add($"{report}");
            return AnswerOf(result, version, tail);
        }
        finally
        {
            service.Tails.Forget(invocation.RequestId);
        }
    }

    private static LambdaAnswer AnswerOf(FunctionResult result, string version, LogTail? tail)
    {
        LambdaAnswer answer = result switch
        {
            FunctionResult.Succeeded succeeded => new LambdaAnswer(StatusCodes.Status200OK, succeeded.Answer),
            FunctionResult.Failed failed => LambdaAnswer.Json(StatusCodes.Status200OK, json => WriteError(json, failed.Error)),
            FunctionResult.TimedOut late => LambdaAnswer.Json(StatusCodes.Status200OK, json => WriteTimeout(json, late)),
            _ => throw new UnreachableException(),
        };
        List<(string, string)> headers = [("X-Amz-Executed-Version", version)];
        if (result is not FunctionResult.Succeeded)
            headers.Add(("X-Amz-Function-Error", "Unhandled"));
        if (tail is not null)
            headers.Add(("X-Amz-Log-Result", tail.Encode()));
        return answer with { Headers = headers };
    }

    // All tries have the same request id, as on AWS.
    private static Func<Task<AttemptResult>> AttemptsAt(FunctionConfiguration function, string? qualifier, byte[] payload, LambdaService service)
    {
        var invocation = new FunctionInvocation(Guid.NewGuid(), FunctionInvocations.ArnOf(function, qualifier));
        return async () =>
        {
            try
            {
                return await service.Invocations.InvokeAsync(function, qualifier, invocation, payload) is FunctionResult.Succeeded
                    ? AttemptResult.Succeeded
                    : AttemptResult.Failed;
            }
            catch (LambdaException refused)                   // or it cannot be loaded now
            {
                return refused.StatusCode == StatusCodes.Status429TooManyRequests ? AttemptResult.Throttled : AttemptResult.Failed;
            }
        };
    }

    private static ReadOnlyMemory<byte> PayloadOf(LambdaRequest request, int bytesMax)
    {
        if (request.Body.Length > bytesMax)
            throw LambdaException.TooLarge(bytesMax, OperationName);
        if (request.Body.IsEmpty)
            return "{}"u8.ToArray();                          // what a function is given when there is no payload
        try
        {
            using JsonDocument _ = JsonDocument.Parse(request.Body);
            return request.Body;
        }
        catch (JsonException unreadable)
        {
            throw LambdaException.UnreadableBody(unreadable.Message);
        }
    }

    private static string Choice(string value, Member member)
    {
        LambdaRequest.Check(member.Name, JsonSerializer.SerializeToElement(value), member);
        return value;
    }

    private static void WriteError(Utf8JsonWriter json, FunctionError error)
    {
        json.WriteStartObject();
        json.WriteString("errorType", error.ErrorType);
        json.WriteString("errorMessage", error.ErrorMessage);
        json.WriteStartArray("stackTrace");
        foreach (string frame in error.StackTrace)
            json.WriteStringValue(frame);
        json.WriteEndArray();
        if (error.Cause is { } cause)
        {
            json.WritePropertyName("cause");
            WriteError(json, cause);
        }
        json.WriteEndObject();
    }

    private static void WriteTimeout(Utf8JsonWriter json, FunctionResult.TimedOut late)
    {
        json.WriteStartObject();
        json.WriteString("errorType", "Sandbox.Timedout");
        json.WriteString("errorMessage", late.Message);
        json.WriteEndObject();
    }
}
