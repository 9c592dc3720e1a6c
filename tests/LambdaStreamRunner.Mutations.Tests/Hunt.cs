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
        await Parallel.ForEachAsync(Mutations.All, options, async (mutation, _) =>
        {
            Catch caught = _catches[mutation.Name] = await Catch.Of(mutation);
            Console.WriteLine(caught);
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
