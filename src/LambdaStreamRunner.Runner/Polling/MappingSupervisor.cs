using System.Collections.Immutable;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Runner.Polling;

/// <summary>Runs the pumps of one mapping: one for each shard of its stream.</summary>
public sealed class MappingSupervisor : IAsyncDisposable
{
    private readonly ImmutableArray<ShardPump> _pumps;
    private ImmutableArray<Task<CloseReason>> _running = [];

    /// <summary>A mapping that has not begun.</summary>
    /// <param name="name">"stream → function".</param>
    /// <param name="pumps">A pump for each shard.</param>
    public MappingSupervisor(string name, ImmutableArray<ShardPump> pumps) => (Name, _pumps) = (name, pumps);

    /// <summary>"stream → function".</summary>
    public string Name { get; }

    /// <summary>True when every record on the stream now is settled.</summary>
    public bool IsDrained => _pumps.All(pump => pump.IsDrained);

    /// <summary>Records on the stream that are not read yet.</summary>
    public long UnreadRecords => _pumps.Sum(pump => pump.UnreadRecords);

    /// <summary>When the next timer of a shard with unsettled records is due; null when none has any.</summary>
    public DateTimeOffset? NextWake => _pumps.Min(pump => pump.NextWake);

    /// <summary>Ends when a pump has failed, with its exception, or when all have closed.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts polling.</summary>
    /// <param name="abandon">Fires when what is in flight shall not be waited for any more.</param>
    public void Start(CancellationToken abandon)
    {
        _running = [.. _pumps.Select(pump => Task.Run(() => pump.RunAsync(abandon), CancellationToken.None))];
        Completion = WhenAllOrFirstFaultAsync(_running);
    }

    /// <summary>Stops reading, settles what is in flight, saves the checkpoints.</summary>
    /// <exception cref="OperationCanceledException">It was abandoned.</exception>
    public async Task StopAsync(StopMode mode)
    {
        foreach (ShardPump pump in _pumps)
            pump.RequestStop(mode);
        await Task.WhenAll(_running);
    }

    /// <summary>Where every shard stands.</summary>
    public async Task<ImmutableDictionary<string, ShardStatus>> GetStatusAsync(CancellationToken cancellation)
    {
        var statuses = ImmutableDictionary.CreateBuilder<string, ShardStatus>(StringComparer.Ordinal);
        foreach (ShardPump pump in _pumps)
            statuses.Add(pump.ShardId, await pump.GetStatusAsync().WaitAsync(cancellation));
        return statuses.ToImmutable();
    }

    /// <summary>Waits for pumps that were stopped or abandoned, and gives back what they hold.</summary>
    public async ValueTask DisposeAsync()
    {
        await ((Task)Task.WhenAll(_running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (ShardPump pump in _pumps)
            pump.Dispose();
    }

    private static async Task WhenAllOrFirstFaultAsync(ImmutableArray<Task<CloseReason>> pumps)
    {
        List<Task<CloseReason>> running = [.. pumps];
        while (running.Count > 0)
        {
            Task<CloseReason> ended = await Task.WhenAny(running);
            running.Remove(ended);
            await ended;
        }
    }
}
