using System.Text;
using System.Text.Json;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Aws;

namespace LambdaStreamRunner.Runner.Invoking.Remote;

/// <summary>What an answer to Invoke means: the function succeeded, it failed, or it never ran.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html"/>. Errors of the service come before the function
/// runs; they spend no attempt. A runtime interface emulator speaks otherwise: it answers 200 also when the function has failed,
/// without a header, and 502 or 504 when its process has ended.
/// </remarks>
internal static class InvokeAnswers
{
    private const string TimedOutWords = "Task timed out after";
    private const string Unhandled = nameof(Unhandled);

    /// <summary>The result.</summary>
    public static FunctionResult Read(AwsAnswer answer, InvokeAddress address)
    {
        bool isEmulator = address.WrittenPath is not null;
        string? functionError = Header(answer, "X-Amz-Function-Error");
        if (answer.Status == 200)
            return functionError is not null || (isEmulator && TellsOfAnError(answer.Body)) ? Failed(answer.Body, functionError) : new FunctionResult.Succeeded(answer.Body);
        if (isEmulator && answer.Status is 502 or 504)
            return Failed(answer.Body, functionError);
        AwsException refusal = AwsErrors.Read(answer.Status, answer.Headers!, answer.Body);
        return answer.Status == 413
            ? new FunctionResult.Failed(new FunctionError(refusal.Code, $"{address} does not take an event of this size: {refusal.Message}", []))
            : new FunctionResult.Refused(Advised($"{address} refuses to invoke '{address.FunctionName}': {refusal.Message}{Reason(answer.Body)}", Advice(refusal, isEmulator))) { IsThrottle = answer.Status == 429 };
    }

    /// <summary>The result when there is no answer.</summary>
    public static FunctionResult Read(AwsException error, InvokeAddress address) => error.Code switch
    {
        AwsException.AnswerTooLarge => new FunctionResult.Failed(new FunctionError(
            "Function.ResponseSizeTooLarge", $"The answer is larger than {RemoteFunction.AnswerBytesMax} bytes, the limit of a synchronous invocation.", [])),
        AwsException.Unreachable when MayHaveArrived(error) => new FunctionResult.Failed(new FunctionError(
            "ConnectionLost", $"{address} has broken off before it answered; the function may have run: {error.InnerException!.Message}", [])),
        _ => new FunctionResult.Refused($"'{address.FunctionName}' cannot be invoked: {error.Message}"),
    };

    // Without a connection nothing was sent.
    private static bool MayHaveArrived(AwsException error) => error.InnerException switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError } => false,
        OperationCanceledException => false,                  // of the attempt to connect; the invocation's own has another code
        _ => true,
    };

    private static bool TellsOfAnError(byte[] body) =>
        body.AsSpan().StartsWith(Encoding.ASCII.GetBytes(TimedOutWords)) || FunctionErrorJson.TryRead(body, out _);

    private static FunctionResult Failed(byte[] body, string? functionError)
    {
        FunctionError error = FunctionErrorJson.Read(body, functionError ?? Unhandled);
        return error.ErrorMessage.Contains(TimedOutWords, StringComparison.Ordinal) ? new FunctionResult.TimedOut(error.ErrorMessage) : new FunctionResult.Failed(error);
    }

    // Which limit a throttle has met, as ReservedFunctionConcurrentInvocationLimitExceeded.
    private static string Reason(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("Reason", out JsonElement reason) && reason.ValueKind is JsonValueKind.String
                ? $" ({reason.GetString()})"
                : "";
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {                                                     // the second: text that is no UTF-8, or half a surrogate pair
            return "";
        }
    }

    private static string Advised(string refusal, string? advice) => advice is null ? refusal : $"{refusal.TrimEnd('.')}. {advice}";

    private static string? Advice(AwsException refusal, bool isEmulator) => refusal.Status switch
    {
        403 => "The credentials in use need lambda:InvokeFunction for it.",
        404 when !isEmulator => "Is it there by this name, in this Region and account?",
        404 => "A runtime interface emulator answers at /2015-03-31/functions/function/invocations.",
        400 when isEmulator => "A runtime interface emulator takes one invocation at a time: give the function \"ReservedConcurrentExecutions\": 1.",
        _ => null,
    };

    private static string? Header(AwsAnswer answer, string name) =>
        answer.Headers!.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}
