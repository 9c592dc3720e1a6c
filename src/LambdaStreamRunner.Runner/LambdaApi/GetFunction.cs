using LambdaStreamRunner.Runner.Configuration;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html: the code is not given out.</summary>
internal sealed class GetFunction(string method, string path) : LambdaAction(method, path)
{
    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        (FunctionConfiguration function, string? qualifier) = service.FunctionOf(request);
        return Task.FromResult(LambdaAnswer.Json(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("Configuration");
            FunctionJson.Write(json, function, qualifier, service.Started);
            json.WriteStartObject("Code");
            json.WriteEndObject();
            json.WriteEndObject();
        }));
    }
}
