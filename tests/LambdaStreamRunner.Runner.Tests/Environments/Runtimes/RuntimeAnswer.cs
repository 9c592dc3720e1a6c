using System.Text.Json;
using LambdaStreamRunner.FunctionHost.Tests;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>What a runtime said of an invocation, or of its start.</summary>
/// <param name="Call">response, error or init.</param>
/// <param name="ErrorType">The header that names the error's type.</param>
/// <param name="Body">The document.</param>
internal sealed record RuntimeAnswer(string Call, string ErrorType, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    public static RuntimeAnswer Of(Posted posted) => new(posted.Path is "/init/error" ? "init" : posted.Path.Split('/')[^1], posted.ErrorType ?? "", posted.Body);

    /// <summary>As in "error TypeError: no such thing".</summary>
    public override string ToString() => Call is "response"
        ? $"{Call} {Body}"
        : $"{Call} {Json.GetProperty("errorType")}: {Json.GetProperty("errorMessage")}";
}
