using System.Collections.Concurrent;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Invoking;

/// <summary>Which executions a function may use: its reserved ones, or those that the account has besides.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html"/>.</remarks>
public sealed class FunctionConcurrency
{
    private readonly ConcurrencyPool _unreserved;
    private readonly Dictionary<string, ConcurrencyPool> _reserved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);

    /// <summary>The pools of a configuration.</summary>
    public FunctionConcurrency(RunnerConfiguration configuration)
    {
        int reserved = 0;
        foreach (FunctionConfiguration function in configuration.Functions)
        {
            if (function.ReservedConcurrentExecutions is not { } executions)
                continue;
            reserved += executions;
            _reserved.Add(function.Name, new ConcurrencyPool(executions, "ReservedFunctionConcurrentInvocationLimitExceeded"));
        }
        _unreserved = new ConcurrencyPool(configuration.ConcurrentExecutions - reserved, "ConcurrentInvocationLimitExceeded");
    }

    /// <summary>The pool of a function.</summary>
    public ConcurrencyPool PoolOf(string function) => _reserved.GetValueOrDefault(function, _unreserved);

    /// <summary>Executions that run now, of every function that ever ran.</summary>
    public IEnumerable<(string Function, int Running)> Running => _running.Select(function => (function.Key, function.Value));

    /// <summary>Takes an execution of a function; false when there is none for this client now.</summary>
    /// <param name="function">Name of the function.</param>
    /// <param name="client">Who invokes it, such as a mapping's name.</param>
    /// <param name="now">The time of the run clock.</param>
    /// <param name="waiter">What of the client's wants it, such as a batch; all without one are one.</param>
    public bool TryEnter(string function, string client, DateTimeOffset now, Guid waiter = default)
    {
        if (!PoolOf(function).TryEnter(client, now, waiter))
            return false;
        _running.AddOrUpdate(function, 1, (_, running) => running + 1);
        return true;
    }

    /// <summary>Gives an execution back.</summary>
    /// <param name="function">Name of the function.</param>
    /// <param name="client">Who invoked it.</param>
    public void Leave(string function, string client)
    {
        _running.AddOrUpdate(function, 0, (_, running) => running - 1);
        PoolOf(function).Leave(client);
    }
}
