using LambdaStreamRunner.Runner.Mappings;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html</summary>
internal sealed class ListTags(string method, string path) : LambdaAction(method, path)
{
    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        LiveMapping? mapping = Tagging.FindMapping(request, service);
        return Task.FromResult(LambdaAnswer.Json(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("Tags");
            foreach ((string key, string value) in mapping?.Model.Tags ?? MappingModel.NoTags)
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }));
    }
}
