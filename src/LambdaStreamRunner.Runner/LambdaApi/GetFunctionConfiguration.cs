using LambdaStreamRunner.Runner.Configuration;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html</summary>
internal sealed class GetFunctionConfiguration(string method, string path) : LambdaAction(method, path)
{
    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        (FunctionConfiguration function, string? qualifier) = service.FunctionOf(request);
        return Task.FromResult(LambdaAnswer.Json(StatusCodes.Status200OK, json => FunctionJson.Write(json, function, qualifier, service.Started)));
    }
}
