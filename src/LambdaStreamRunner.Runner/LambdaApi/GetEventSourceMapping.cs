using LambdaStreamRunner.Runner.Mappings;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html</summary>
internal sealed class GetEventSourceMapping(string method, string path) : LambdaAction(method, path)
{
    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        LiveMapping mapping = service.Mappings.Get(request.Subject);
        return Task.FromResult(LambdaAnswer.Json(StatusCodes.Status200OK, json => MappingJson.Write(json, service, mapping, mapping.Model)));
    }
}
