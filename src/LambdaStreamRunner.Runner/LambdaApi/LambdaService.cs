using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.Runner.Telemetry;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What the actions work on.</summary>
/// <param name="lookup">The functions and streams that there are.</param>
/// <param name="mappings">The mappings.</param>
/// <param name="functions">The functions' code.</param>
/// <param name="concurrency">How many executions they have.</param>
/// <param name="metrics">CloudWatch's metrics.</param>
/// <param name="tails">What functions log.</param>
/// <param name="realTime">Real time.</param>
/// <param name="clock">The run clock.</param>
/// <param name="abandon">Fires when running invocations shall not be waited for any more.</param>
internal sealed class LambdaService(
    MappingLookup lookup, MappingRegistry mappings, FunctionCatalog functions, FunctionConcurrency concurrency, LambdaMetrics metrics,
    LogTails tails, TimeProvider realTime, TimeProvider clock, CancellationToken abandon) : IAsyncDisposable
{
    public MappingLookup Lookup { get; } = lookup;

    public MappingRegistry Mappings { get; } = mappings;

    public LogTails Tails { get; } = tails;

    /// <summary>Real time: how long functions take does not follow a run's speed.</summary>
    public TimeProvider RealTime { get; } = realTime;

    public TimeProvider Clock { get; } = clock;

    /// <summary>When the functions came to be as they are: at the start of the run.</summary>
    public DateTimeOffset Started { get; } = clock.GetUtcNow();

    public AsynchronousInvocations Asynchronous { get; } = new(clock);

    public FunctionInvocations Invocations { get; } = new(functions, concurrency, metrics, realTime, clock, abandon);

    /// <summary>The function that a path names, with its qualifier: the one in the path, or the one in the query.</summary>
    /// <exception cref="LambdaException">ResourceNotFoundException.</exception>
    public (FunctionConfiguration Function, string? Qualifier) FunctionOf(LambdaRequest request)
    {
        string written = request.Query("Qualifier") is { } qualifier && !request.Subject.EndsWith($":{qualifier}", StringComparison.Ordinal)
            ? $"{request.Subject}:{qualifier}"
            : request.Subject;
        return Lookup.FindFunction(written) ?? throw LambdaException.NotFound(LambdaTexts.FunctionNotFound(ArnOf(written)));
    }

    public ValueTask DisposeAsync() => Asynchronous.DisposeAsync();

    private string ArnOf(string written) => written.StartsWith("arn:", StringComparison.Ordinal)
        ? written
        : $"arn:aws:lambda:{Lookup.Configuration.Region}:{Lookup.Configuration.AccountId}:function:{written}";
}
