using System.Text.Json;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html</summary>
internal sealed class TagResource(string method, string path) : LambdaAction(method, path)
{
    private static readonly Member RequiredTags = MappingMembers.Tags with { IsRequired = true };

    public override async Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        JsonElement body = request.Read([RequiredTags]);
        LiveMapping mapping = Tagging.MappingOf(request, service);
        await service.Mappings.TagAsync(mapping, tags =>
        {
            tags = tags.SetItems(MappingRequest.TagsIn(body));
            return tags.Count <= MappingMembers.TagsMax ? tags : throw LambdaException.InvalidParameter(LambdaTexts.TooManyTags(MappingMembers.TagsMax));
        });
        return LambdaAnswer.Empty(StatusCodes.Status204NoContent);
    }
}
