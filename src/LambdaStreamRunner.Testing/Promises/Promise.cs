using System.Collections.Immutable;
using LambdaStreamRunner.Core.Guarantees;

namespace LambdaStreamRunner.Testing;

/// <summary>Something that AWS, or a handler, promises, and that a test can expect.</summary>
/// <param name="Name">As it is written in a test, such as <c>Order.NoOvertaking</c>.</param>
/// <param name="Sentence">What is promised.</param>
/// <param name="Page">The page on which AWS promises it, or says what a handler has to do.</param>
/// <param name="Kinds">The violations that break it; each kind breaks one promise.</param>
public sealed record Promise(string Name, string Sentence, Uri Page, ImmutableArray<ViolationKind> Kinds)
{
    /// <summary>Every promise, in the order of the classes <see cref="Order"/>, <see cref="Delivery"/>, <see cref="Checkpoints"/> and <see cref="Batches"/>.</summary>
    public static ImmutableArray<Promise> All { get; } = [.. Order.All, .. Delivery.All, .. Checkpoints.All, .. Batches.All];

    /// <summary>What a test expects when it names nothing: all but <see cref="Delivery.EffectsExactlyOnce"/>, since AWS delivers at least once.</summary>
    public static ImmutableArray<Promise> Default { get; } = All.Remove(Delivery.EffectsExactlyOnce);

    /// <summary>The promise that a violation breaks.</summary>
    public static Promise Of(ViolationKind kind) => All.First(promise => promise.Kinds.Contains(kind));

    /// <summary>True when a violation breaks this promise.</summary>
    public bool IsBrokenBy(Violation violation) => Kinds.Contains(violation.Kind);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Sentence}";
}
