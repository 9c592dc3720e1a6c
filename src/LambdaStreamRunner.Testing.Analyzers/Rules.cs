using Microsoft.CodeAnalysis;

namespace LambdaStreamRunner.Testing.Analyzers;

/// <summary>What the analyzers can say. The numbers are part of users' .editorconfig files and never change their meaning.</summary>
/// <remarks>No help links: the pages are sections of the README in the package, which has no address of its own.</remarks>
internal static class Rules
{
    public static readonly DiagnosticDescriptor AmbientClock = new(
        "LSR0001",
        "A handler reads the clock of the machine",
        "'{0}' is the machine's clock, which a test cannot move: ask a TimeProvider that the function was given",
        "Time",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Under virtual time, and in a run that is faster than real time, only a TimeProvider knows how late it is.");

    public static readonly DiagnosticDescriptor WaitWithoutClock = new(
        "LSR0002",
        "A handler waits on the clock of the machine",
        "'{0}' waits in real time, also in a test: give it a TimeProvider that the function was given",
        "Time",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Under virtual time a wait takes no time, but only when it is a TimeProvider that is waited on.");

    public static readonly DiagnosticDescriptor ForgottenTask = new(
        "LSR0003",
        "A handler starts work that nobody awaits",
        "'{0}' is not awaited: Lambda freezes the function when the handler has returned, and the checkpoint passes records whose work may still fail",
        "Delivery",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A batch counts as done when the handler has returned; what still runs then is frozen, and its failure is never retried.");

    public static readonly DiagnosticDescriptor ParallelRecords = new(
        "LSR0004",
        "A handler works on the records of a batch side by side",
        "'{0}' works on the records of a batch side by side, and those of one partition key may overtake each other: take them in turn, or group them by key",
        "Order",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A stream keeps the order of records with one partition key up to the handler; side by side it ends there. ParallelizationFactor runs keys side by side and keeps their order.");

    public static readonly DiagnosticDescriptor StaticState = new(
        "LSR0005",
        "A handler keeps state in a static field",
        "'{0}' is one per execution environment: other batches of the same keys may run in another one that does not see it, and it is empty after a cold start",
        "State",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Lambda runs batches in several execution environments and ends them when it likes. Static state may only hold what can be lost, such as a cache.");
}
