using System.Text.Json;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What the three actions on tags have in common. Functions are found, and have none.</summary>
internal static class Tagging
{
    private static readonly Member Resource = new("Resource", MemberType.String) { Pattern = LambdaPatterns.TagResource };

    /// <summary>The mapping that the path names.</summary>
    /// <exception cref="LambdaException">It names none, or a function.</exception>
    public static LiveMapping MappingOf(LambdaRequest request, LambdaService service) =>
        FindMapping(request, service) ?? throw LambdaException.InvalidParameter(LambdaTexts.FunctionTags(request.Subject));

    /// <summary>The mapping that the path names; null when it names a function.</summary>
    /// <exception cref="LambdaException">It names neither.</exception>
    public static LiveMapping? FindMapping(LambdaRequest request, LambdaService service)
    {
        string arn = request.Subject;
        LambdaRequest.Check("Resource", JsonSerializer.SerializeToElement(arn), Resource);
        if (arn.Contains(":function:", StringComparison.Ordinal))
            return service.Lookup.FindFunction(arn) is null ? throw LambdaException.NotFound(LambdaTexts.FunctionNotFound(arn)) : null;
        return service.Mappings.All.FirstOrDefault(mapping => MappingJson.ArnOf(service.Lookup.Configuration, mapping.Uuid) == arn)
            ?? throw LambdaException.NotFound(LambdaTexts.NoMapping(arn));
    }
}
