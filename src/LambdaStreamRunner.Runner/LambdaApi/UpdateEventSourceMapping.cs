using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html</summary>
internal sealed class UpdateEventSourceMapping(string method, string path) : LambdaAction(method, path)
{
    public override async Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        JsonElement body = request.Read(MappingMembers.Update);
        LiveMapping mapping = service.Mappings.Get(request.Subject);
        (FunctionConfiguration Function, string? Qualifier)? function = null;
        if (new Arguments(body).Text("FunctionName") is { } name)
            function = service.Lookup.FindFunction(name) ?? throw LambdaException.InvalidParameter(LambdaTexts.NoFunction);
        var rules = new MappingRules(body);
        rules.CheckUse(MappingMembers.Update);

        MappingModel updating = await service.Mappings.UpdateAsync(mapping, before =>
        {
            rules.CheckTogether(before);
            MappingConfiguration next = MappingRequest.Apply(before, body, MappingProperties.Mutable);
            return function is { } other ? Calling(next, other.Function, other.Qualifier) : next;
        });
        return LambdaAnswer.Json(StatusCodes.Status202Accepted, json => MappingJson.Write(json, service, mapping, updating));
    }

    // The UUID follows from source and function unless it is said: it must not follow to another one.
    private static MappingConfiguration Calling(MappingConfiguration mapping, FunctionConfiguration function, string? qualifier) => mapping with
    {
        Settings = mapping.Settings with { FunctionName = function.Name },
        Function = function,
        Qualifier = qualifier,
        Uuid = mapping.Uuid,
    };
}
