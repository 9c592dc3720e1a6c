using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing;

/// <summary>What handlers change outside themselves: stands for a table, a queue, a service.</summary>
/// <remarks>
/// It may be made anywhere and used by any handler: it writes to the world of the invocation whose code calls it. What was
/// written outlives crashes and environments, as a table does.
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "A handler is given one, and tests may give it something else in its place.")]
public sealed class Effects
{
    /// <summary>Appends a change. It is there at once, and again when the record is delivered again.</summary>
    /// <param name="key">What is changed, such as the partition key.</param>
    /// <param name="value">The change; compared as text.</param>
    /// <exception cref="EffectFailedException">The schedule lets it fail (<see cref="FaultPlan.EffectFails"/>): nothing was written.</exception>
    public void Add(string key, object? value) => Ledger.Add(key, TextOf(value), id: null);

    /// <summary>Appends a change that has an identity: the second time it changes nothing, as a conditional write does.</summary>
    /// <param name="key">What is changed.</param>
    /// <param name="id">The identity, such as the record's eventID or an id that its producer gave it.</param>
    /// <param name="value">The change; compared as text.</param>
    /// <returns>False when a change with this identity is there already.</returns>
    /// <exception cref="EffectFailedException">The schedule lets it fail: nothing was written.</exception>
    public bool AddOnce(string key, string id, object? value) => Ledger.Add(key, TextOf(value), id);

    /// <summary>Appends a change after a while, as a call over the network does. How long is the schedule's choice.</summary>
    /// <inheritdoc cref="Add"/>
    public Task AddAsync(string key, object? value) => Ledger.AddAsync(key, TextOf(value), id: null);

    /// <summary>Appends a change that has an identity, after a while.</summary>
    /// <inheritdoc cref="AddOnce"/>
    public Task<bool> AddOnceAsync(string key, string id, object? value) => Ledger.AddAsync(key, TextOf(value), id);

    /// <summary>The changes of a key so far, in the order in which they were made.</summary>
    public IReadOnlyList<string> Of(string key) => Ledger.Of(key);

    private static EffectLedger Ledger => (InvocationScope.Current
        ?? throw new InvalidOperationException("Effects are made by a handler, and this code runs in none. After a test its run has them: run.Effects.")).World.Ledger;

    private static string TextOf(object? value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

/// <summary>An effect that the schedule lets fail, as a table that is not available does.</summary>
public sealed class EffectFailedException(string message) : Exception(message);
