using LambdaStreamRunner.Runner.Mappings;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html</summary>
internal sealed class DeleteEventSourceMapping(string method, string path) : LambdaAction(method, path)
{
    public override async Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        LiveMapping mapping = service.Mappings.Get(request.Subject);
        MappingModel deleting = await service.Mappings.DeleteAsync(mapping);
        return LambdaAnswer.Json(StatusCodes.Status202Accepted, json => MappingJson.Write(json, service, mapping, deleting));
    }
}
