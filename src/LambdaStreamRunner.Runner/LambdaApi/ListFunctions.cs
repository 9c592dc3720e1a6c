using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html</summary>
internal sealed class ListFunctions(string method, string path) : LambdaAction(method, path)
{
    /// <summary>Most functions of one answer, whatever MaxItems asks for.</summary>
    private const int PageMax = 50;

    private static readonly Member FunctionVersion = new("FunctionVersion", MemberType.String) { Values = ["ALL"] };

    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service)
    {
        if (request.Query("FunctionVersion") is { } version)
            LambdaRequest.Check("FunctionVersion", JsonSerializer.SerializeToElement(version), FunctionVersion);
        bool hasVersions = request.Query("FunctionVersion") is not null;
        var functions = service.Lookup.Configuration.Functions.SelectMany(function => VersionsOf(function, hasVersions)).Index();
        var page = ListPage.Cut(functions, function => function.Index + 1, request, PageMax);
        return Task.FromResult(LambdaAnswer.Page(
            "Functions", page, (json, function) => FunctionJson.Write(json, function.Item.Function, function.Item.Qualifier, service.Started)));
    }

    // As AWS lists them: all versions have their qualifier in the ARN, the unpublished one too.
    private static IEnumerable<(FunctionConfiguration Function, string? Qualifier)> VersionsOf(FunctionConfiguration function, bool all)
    {
        yield return (function, all ? FunctionConfiguration.Latest : null);
        if (all && function.Alias is not null)
            yield return (function, FunctionConfiguration.PublishedVersion);
    }
}
