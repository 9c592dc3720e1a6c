using LambdaStreamRunner.Runner.LambdaApi;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Logging;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>Carries changes out in the background: invocations in flight may take long to end, and a function to be built.</summary>
/// <param name="clock">The run clock.</param>
/// <param name="delay">How long a mapping is at least on its way.</param>
/// <param name="logger">The log.</param>
/// <param name="stopping">Fires when nothing is waited for any more.</param>
internal sealed class MappingChanges(TimeProvider clock, TimeSpan delay, ILogger logger, CancellationToken stopping)
{
    /// <summary>An answer waits so long for a change without a delay, so that who asks next mostly finds it done.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    /// <summary>Starts the work of a change that has begun, which ends by itself.</summary>
    /// <param name="mapping">The mapping, on its way.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="ending">What is to be done at the end of the delay, when the mapping does not come to rest.</param>
    /// <returns>What the answer shows: the state on the way.</returns>
    public async Task<MappingModel> CarryOutAsync(LiveMapping mapping, Func<Task> work, Func<Task>? ending = null)
    {
        MappingModel answer = mapping.Model;
        DateTimeOffset due = clock.GetUtcNow() + delay;
        mapping.Work = Task.Run(() => TryAsync(mapping, () => AfterRetryAsync(mapping, work)), CancellationToken.None);
        mapping.Change = EndAsync(mapping, due, ending);
        if (delay == TimeSpan.Zero)
            await Task.WhenAny(mapping.Change, Task.Delay(AnswerPatience, TimeProvider.System, CancellationToken.None));
        return answer;
    }

    /// <summary>A mapping is not polled as it should be, and everybody can see why.</summary>
    public void Complain(LiveMapping mapping, string reason)
    {
        logger.MappingNotChanged(mapping.Name, reason);
        if (mapping.Running is null)
            mapping.StartProblem = reason;
        else
            mapping.Statistics.NoteResult(LambdaTexts.Problem(reason));
    }

    /// <summary>Does what may fail without consequences for others: the mapping has a problem then.</summary>
    public async Task TryAsync(LiveMapping mapping, Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // Nobody waits for it: the log says it, and LastProcessingResult.
        catch (Exception wrong)
#pragma warning restore CA1031
        {
            Complain(mapping, wrong.Message);
        }
    }

    private static async Task AfterRetryAsync(LiveMapping mapping, Func<Task> work)
    {
        await mapping.Retry;                                  // none begins any more: the mapping is not at rest
        await work();
    }

    private async Task EndAsync(LiveMapping mapping, DateTimeOffset due, Func<Task>? ending)
    {
        await mapping.Work;
        if (due - clock.GetUtcNow() is { } rest && rest > TimeSpan.Zero)
            await Task.Delay(rest, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending is null)
            mapping.Become(model => model with { State = model.RestingState });
        else
            await TryAsync(mapping, ending);
    }
}
