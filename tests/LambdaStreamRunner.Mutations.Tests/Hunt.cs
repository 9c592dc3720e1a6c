using System.Collections.Concurrent;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>All mutations, explored once, two at a time.</summary>
public sealed class Hunt : IAsyncLifetime
{
    private const int AtOnce = 2;

    private readonly ConcurrentDictionary<string, Catch> _catches = [];

    internal Catch this[string name] => _catches[name];

    public async ValueTask InitializeAsync()
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(Mutations.All, options, async (mutation, _) => _catches[mutation.Name] = await Catch.Of(mutation));
        foreach (Mutation mutation in Mutations.All)
            Console.WriteLine(_catches[mutation.Name]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
