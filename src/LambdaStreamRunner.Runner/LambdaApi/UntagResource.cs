using LambdaStreamRunner.Runner.Mappings;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html</summary>
internal sealed class UntagResource(string method, string path) : LambdaAction(method, path)
{
    public override async Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        string[] keys = [.. request.Http.Query["tagKeys"].OfType<string>()];
        if (keys.Length == 0)
            throw LambdaException.Of(StreamServer.KinesisException.Validation(LambdaTexts.NoTagKeys));
        LiveMapping mapping = Tagging.MappingOf(request, service);
        await service.Mappings.TagAsync(mapping, tags => tags.RemoveRange(keys));
        return LambdaAnswer.Empty(StatusCodes.Status204NoContent);
    }
}
