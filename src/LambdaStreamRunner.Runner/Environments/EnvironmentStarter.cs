using System.Globalization;
using System.Net.Sockets;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>Starts environments of one function: the init phase with its limits.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"/>, "Init phase".</remarks>
internal sealed class EnvironmentStarter(EnvironmentBlueprint blueprint, EnvironmentHost host, EnvironmentCounts counts)
{
    /// <summary>Longest init; one that takes longer begins anew as a part of the invocation, within the function's Timeout.</summary>
    public static readonly TimeSpan InitMax = TimeSpan.FromSeconds(10);

    /// <summary>Starts one; how it failed when it did.</summary>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public async Task<StartedEnvironment> StartAsync(CancellationToken abandon)
    {
        using IDisposable turn = await host.TurnAsync(abandon);   // of those that hang, the next ones do not wait for the end
        StartedEnvironment first = await StartAsync(InitPhase.Init, blueprint.IsDebugged ? Timeout.InfiniteTimeSpan : InitMax, abandon);
        if (first.Failure is not FunctionResult.TimedOut)
            return first;
        host.Listener.Notice?.Invoke($"{Name}: the init took longer than {InitMax.TotalSeconds:0} s; it begins anew as a part of the invocation, within its Timeout of {blueprint.Settings.Timeout.TotalSeconds:0.##} s.");
        return await StartAsync(InitPhase.Invoke, blueprint.Settings.Timeout, abandon);
    }

    private string Name => blueprint.Settings.FunctionName;

    private async Task<StartedEnvironment> StartAsync(InitPhase phase, TimeSpan patience, CancellationToken abandon)
    {
        long start = host.Time.GetTimestamp();
        ExecutionEnvironment environment;
        try
        {
            environment = await ExecutionEnvironment.StartAsync(blueprint, host.Api, host.Listener, host.Time, abandon);
        }
        catch (Exception wrong) when (wrong is FunctionLoadException or IOException or UnauthorizedAccessException or SocketException)
        {
            return new StartedEnvironment(null, new FunctionResult.Refused($"An environment of '{Name}' cannot be started: {wrong.Message}"), TimeSpan.Zero);
        }
        if (blueprint.IsDebugged)
            host.Listener.Warning?.Invoke($"{Name}: {blueprint.Plan.Debugger?.HowToAttach.Replace("{pid}", environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) ?? "its runtime has no way to wait for a debugger."} Its Timeout is not enforced.");
        FunctionResult? failure = await FailureOfInitAsync(environment, patience, abandon);
        TimeSpan took = host.Time.GetElapsedTime(start);
        bool isWithinInvocation = phase is InitPhase.Invoke;
        host.Listener.InitReport?.Invoke(new InitReport
        {
            FunctionName = Name,
            LogStreamName = environment.Settings.LogStreamName,
            Duration = took,
            Status = failure is null ? null : InvocationReport.StatusOf(failure),
            ErrorType = (failure as FunctionResult.Failed)?.Error.ErrorType,
            IsWithinInvocation = isWithinInvocation,
        });
        if (failure is null)
        {
            counts.Started(environment, took);
            return new StartedEnvironment(environment, null, took) { IsWithinInvocation = isWithinInvocation };
        }
        counts.InitFailed(environment);
        await environment.DisposeAsync();
        return new StartedEnvironment(null, failure, took) { IsWithinInvocation = isWithinInvocation };
    }

    private async Task<FunctionResult?> FailureOfInitAsync(ExecutionEnvironment environment, TimeSpan patience, CancellationToken abandon)
    {
        try
        {
            return await environment.InitializeAsync(patience, abandon) is { } error ? new FunctionResult.Failed(error) : null;
        }
        catch (TimeoutException)
        {
            return new FunctionResult.TimedOut(string.Create(CultureInfo.InvariantCulture, $"{host.Time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} Init timed out after {patience.TotalSeconds:0.00} seconds"));
        }
        catch
        {
            await environment.DisposeAsync();
            throw;
        }
    }
}

/// <summary>What came of a start.</summary>
/// <param name="Environment">It is ready; null when it failed.</param>
/// <param name="Failure">How it failed; null when it did not.</param>
/// <param name="InitDuration">How long it took.</param>
internal sealed record StartedEnvironment(ExecutionEnvironment? Environment, FunctionResult? Failure, TimeSpan InitDuration)
{
    /// <summary>True when the time of the init is a part of the invocation's.</summary>
    public bool IsWithinInvocation { get; init; }
}

/// <summary>What an init is a part of.</summary>
internal enum InitPhase
{
    /// <summary>Of nothing: the phase that Lambda does not count into the Timeout.</summary>
    Init,

    /// <summary>Of an invocation, within its Timeout.</summary>
    Invoke,
}
