using System.Collections.Immutable;
using LambdaStreamRunner.Runner.Checkpoints;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Mappings;

/// <summary>What the data folder knows of mappings, those that are there and those that are not: deleted ones, and those of a file that named them once.</summary>
/// <param name="store">The documents.</param>
/// <param name="checkpoints">The checkpoints, which go with a deleted mapping.</param>
internal sealed class KeptMappings(StoredMappings store, ICheckpointStore checkpoints) : IDisposable
{
    private readonly SemaphoreSlim _saving = new(1);
    private ImmutableArray<MappingDocument> _rest = [];

    /// <summary>The mappings of the configuration, with what was made of them, and those that were made.</summary>
    /// <exception cref="StreamServer.Storage.StorageException">The documents cannot be read.</exception>
    public IReadOnlyList<RememberedMapping> Recall(ImmutableArray<MappingConfiguration> configured, MappingLookup lookup)
    {
        var remembered = new RememberedMappings(store.Load(), lookup);
        IReadOnlyList<RememberedMapping> mappings = remembered.Recall(configured);
        _rest = [.. remembered.Rest];
        return mappings;
    }

    /// <summary>Keeps the mappings. Saves come one after the other, each with all that had happened before it: the last one written knows everything.</summary>
    /// <param name="mappings">All there are, asked when it is this save's turn.</param>
    /// <exception cref="StreamServer.Storage.StorageException">In the task: it could not be written.</exception>
    public async Task SaveAsync(Func<ImmutableArray<LiveMapping>> mappings)
    {
        await _saving.WaitAsync();
        try
        {
            await store.SaveAsync([.. mappings().Where(mapping => mapping.IsKept).Select(mapping => mapping.ToDocument()), .. _rest]);
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();

    /// <summary>A mapping is there no more; its document stays until its checkpoints are gone, and longer when the file still names it.</summary>
    public void Add(MappingDocument deleted) => ImmutableInterlocked.Update(ref _rest, rest => rest.RemoveAll(document => document.Uuid == deleted.Uuid).Add(deleted));

    /// <summary>Forgets the checkpoints of deleted mappings, also of those that an earlier run did not come to.</summary>
    public async Task ForgetDeletedAsync(Func<ImmutableArray<LiveMapping>> mappings)
    {
        MappingDocument[] deleted = [.. _rest.Where(document => document.IsDeleted)];
        if (deleted.Length == 0)
            return;
        foreach (MappingDocument document in deleted)
        {
            if (!mappings().Any(mapping => mapping.Uuid == document.Uuid && mapping.HasRun))
                await checkpoints.DeleteAsync(document.Uuid.ToString(), CancellationToken.None);
        }
        ImmutableInterlocked.Update(ref _rest, rest => rest.RemoveAll(
            document => deleted.Contains(document) && (document.File is null || mappings().Any(mapping => mapping.Uuid == document.Uuid))));
        await SaveAsync(mappings);
    }
}
