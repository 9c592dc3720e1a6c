using System.Collections.Immutable;
using System.Text.Json;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Configuration.Sections;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html</summary>
internal sealed class CreateEventSourceMapping(string method, string path) : LambdaAction(method, path)
{
    public override async Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        JsonElement body = request.Read(MappingMembers.Create);
        MappingConfiguration wanted = Find(new Arguments(body), service);
        var rules = new MappingRules(body);
        rules.CheckStart(service.Clock.GetUtcNow());
        rules.CheckUse(MappingMembers.Create);
        service.Mappings.ThrowIfTaken(wanted);
        rules.CheckTogether(wanted);

        wanted = MappingRequest.Apply(wanted, body, MappingProperties.All);
        (LiveMapping mapping, MappingModel created) = await service.Mappings.CreateAsync(wanted, MappingRequest.TagsIn(body));
        return LambdaAnswer.Json(StatusCodes.Status202Accepted, json => MappingJson.Write(json, service, mapping, created));
    }

    /// <summary>A mapping with AWS's defaults from the source to the function.</summary>
    private static MappingConfiguration Find(Arguments body, LambdaService service)
    {
        if (body.Text("EventSourceArn") is not { Length: > 0 } arn)
            throw LambdaException.InvalidParameter(LambdaTexts.UnrecognizedSource);
        if (!StreamArn.TryGetName(arn, out _) && !StreamArn.TryGetConsumer(arn, out _, out _, out _))
            throw LambdaException.InvalidParameter(LambdaTexts.OtherSource(arn));
        (FunctionConfiguration function, string? qualifier) =
            service.Lookup.FindFunction(body.Text("FunctionName")!) ?? throw LambdaException.InvalidParameter(LambdaTexts.NoFunction);
        StreamConfiguration stream = service.Lookup.FindSource(arn) ?? throw LambdaException.InvalidParameter(LambdaTexts.NoStream(arn));
        return new MappingConfiguration
        {
            Settings = new EventSourceMapping { EventSourceArn = arn, FunctionName = function.Name, Polling = service.Lookup.PollingOf(arn) },
            Stream = stream,
            Function = function,
            Qualifier = qualifier,
            Uuid = Guid.NewGuid(),
            Endpoints = service.Lookup.Configuration.Endpoints,
        };
    }
}
