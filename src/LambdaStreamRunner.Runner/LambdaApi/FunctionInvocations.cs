using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Calls functions for clients, beside what mappings do. The first call of a function builds and loads it.</summary>
internal sealed class FunctionInvocations(FunctionCatalog functions, CancellationToken abandon)
{
    /// <exception cref="LambdaException">The function cannot be built, loaded or bound.</exception>
    public async Task<FunctionResult> InvokeAsync(FunctionConfiguration function, string? qualifier, Guid requestId, ReadOnlyMemory<byte> payload)
    {
        InProcessFunction loaded = await LoadAsync(function, function.VersionOf(qualifier)!);
        string arn = qualifier is null ? function.Arn : $"{function.Arn}:{qualifier}";
        return await loaded.OpenLane().InvokeAsync(payload, new FunctionInvocation(requestId, arn), abandon);
    }

    private async Task<InProcessFunction> LoadAsync(FunctionConfiguration function, string version)
    {
        try
        {
            return await functions.GetAsync(function, version, abandon);
        }
        catch (Exception wrong) when (wrong is FunctionLoadException or IOException or UnauthorizedAccessException)
        {
            throw LambdaException.Service(LambdaTexts.NotLoaded(wrong.Message));
        }
    }
}
