namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>A mapping has ended by a fault of the runner, not of a function: a bug, whose traces are in the inner exception.</summary>
/// <param name="mapping">"stream → function".</param>
/// <param name="fault">What was thrown.</param>
#pragma warning disable CA1032 // Always made with the fault.
public sealed class MappingFaultException(string mapping, Exception fault) : Exception($"{mapping}: {fault.Message}", fault);
#pragma warning restore CA1032
