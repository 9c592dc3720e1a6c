namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>A bug planted in a copy of the core.</summary>
/// <param name="Name">What was broken, as a sentence.</param>
/// <param name="File">The file, below src/LambdaStreamRunner.Core.</param>
/// <param name="Old">The text that is replaced; it occurs once in the file.</param>
/// <param name="New">What replaces it.</param>
/// <param name="World">The exploration that is tried first, because it has what the broken rule is about; the others follow.</param>
/// <param name="Promise">Name of the promise that is broken by it, or the sentence of what an exploration expects beyond those.</param>
internal sealed record Mutation(string Name, string File, string Old, string New, string World, string Promise)
{
    /// <summary>In the place of a promise: the machine itself notices that it is in a state that cannot be, and throws.</summary>
    public const string MachineRefuses = "(the machine refuses)";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
