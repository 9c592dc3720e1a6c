using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Mappings;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html</summary>
/// <remarks>Whether the source and the function that it is asked for exist does not matter: then the list is empty.</remarks>
internal sealed class ListEventSourceMappings(string method, string path) : LambdaAction(method, path)
{
    /// <summary>Most mappings of one answer, whatever MaxItems asks for.</summary>
    private const int PageMax = 100;

    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        string? source = request.Query("EventSourceArn");
        string? function = request.Query("FunctionName");
        Check(source, function);
        IEnumerable<LiveMapping> mappings = service.Mappings.All.Where(mapping => source is null || mapping.Model.Configuration.SourceArn == source);
        if (function is not null)
        {
            string? arn = service.Lookup.FindFunction(function) is { } found ? ArnOf(found) : null;
            mappings = mappings.Where(mapping => mapping.Model.Configuration.FunctionArn == (arn ?? function));
        }
        ListPage<LiveMapping> page = ListPage.Cut(mappings, mapping => mapping.Ordinal, request, PageMax);
        return Task.FromResult(LambdaAnswer.Page("EventSourceMappings", page, (json, mapping) => MappingJson.Write(json, service, mapping, mapping.Model)));
    }

    private static void Check(string? source, string? function)
    {
        if (source is not null)
            LambdaRequest.Check("EventSourceArn", JsonSerializer.SerializeToElement(source), MappingMembers.EventSourceArn);
        if (function is not null)
            LambdaRequest.Check("FunctionName", JsonSerializer.SerializeToElement(function), MappingMembers.FunctionName);
    }

    private static string ArnOf((FunctionConfiguration Function, string? Qualifier) found) =>
        found.Qualifier is null ? found.Function.Arn : $"{found.Function.Arn}:{found.Qualifier}";
}
