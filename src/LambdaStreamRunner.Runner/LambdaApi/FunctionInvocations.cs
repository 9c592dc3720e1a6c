using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Calls functions for clients, beside what mappings do. The first call of a function builds and loads it.</summary>
internal sealed class FunctionInvocations(
    FunctionCatalog functions, FunctionConcurrency concurrency, LambdaMetrics metrics, TimeProvider realTime, TimeProvider clock, CancellationToken abandon)
{
    /// <summary>All clients share a function's executions with its mappings as one.</summary>
    private const string Client = "Invoke";

    /// <summary>The Reason of a throttle where the function runs; which limit that was, its message says.</summary>
    private const string ThrottledElsewhere = "ConcurrentInvocationLimitExceeded";

    /// <exception cref="LambdaException">The function cannot be built, loaded or bound, or has no execution left.</exception>
    public async Task<FunctionResult> InvokeAsync(FunctionConfiguration function, string? qualifier, FunctionInvocation invocation, ReadOnlyMemory<byte> payload)
    {
        IFunction loaded = await LoadAsync(function, function.VersionOf(qualifier)!);
        var measures = new FunctionMetrics(metrics, function.Name, qualifier);
        if (!concurrency.TryEnter(function.Name, Client, clock.GetUtcNow()))
        {
            measures.Throttled();
            throw LambdaException.TooManyRequests(LambdaTexts.RateExceeded, concurrency.PoolOf(function.Name).Reason);
        }
        try
        {
            long start = realTime.GetTimestamp();
            FunctionResult result = await loaded.OpenLane().InvokeAsync(payload, invocation, abandon);
            if (result is FunctionResult.Refused refused)
                throw ErrorOf(refused, measures);
            measures.Executed(realTime.GetElapsedTime(start), result is not FunctionResult.Succeeded);
            return result;
        }
        finally
        {
            concurrency.Leave(function.Name, Client);
        }
    }

    private static LambdaException ErrorOf(FunctionResult.Refused refused, FunctionMetrics measures)
    {
        if (!refused.IsThrottle)
            return LambdaException.Service(refused.Reason);
        measures.Throttled();
        return LambdaException.TooManyRequests(refused.Reason, ThrottledElsewhere);
    }

    /// <summary>What a function is told as its own ARN.</summary>
    public static string ArnOf(FunctionConfiguration function, string? qualifier) => qualifier is null ? function.Arn : $"{function.Arn}:{qualifier}";

    private async Task<IFunction> LoadAsync(FunctionConfiguration function, string version)
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
