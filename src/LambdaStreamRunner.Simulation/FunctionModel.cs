using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Batching;

namespace LambdaStreamRunner.Simulation;

/// <summary>What a modelled function does with a batch.</summary>
/// <param name="batch">The batch; not to be kept.</param>
/// <param name="now">The start of the invocation.</param>
public delegate FunctionAnswer FunctionModel(Batch batch, DateTimeOffset now);

/// <summary>How a modelled invocation ends, and after how long.</summary>
/// <param name="Outcome">The end.</param>
/// <param name="Duration">From start to end.</param>
public readonly record struct FunctionAnswer(BatchOutcome Outcome, TimeSpan Duration);
