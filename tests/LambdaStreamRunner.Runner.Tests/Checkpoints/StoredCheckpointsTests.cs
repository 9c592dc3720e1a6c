using System.Text;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Ordering;
using LambdaStreamRunner.Core.Mappings.Windows;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.StreamServer.Storage;

namespace LambdaStreamRunner.Runner.Tests.Checkpoints;

/// <summary>Checkpoints in the log of the records.</summary>
public sealed class StoredCheckpointsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public async Task A_windows_state_comes_back_byte_for_byte_and_takes_little_more_room_than_it_has()
    {
        byte[] state = Encoding.UTF8.GetBytes($$"""{"é":[{{string.Join(',', Enumerable.Repeat("\"\"", 1_000))}}]}""");
        var window = new TumblingWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(1), state);
        var key = new CheckpointKey("clicks → Clicks", "shardId-000000000000", 0);
        using var store = StreamStore.Open(new StorageOptions(_folder.FullName));
        var checkpoints = new StoredCheckpoints(store);

        await checkpoints.SaveAsync(key, new ShardCheckpoint(ShardPosition.TrimHorizon) { Window = window }, TestContext.Current.CancellationToken);

        ShardCheckpoint kept = (await checkpoints.LoadAsync(key, TestContext.Current.CancellationToken))!;
        Assert.Equal(state, kept.Window!.State.ToArray());
        Assert.InRange(store.Find("checkpoint clicks → Clicks 0 shardId-000000000000")!.Length, state.Length, 2 * state.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
