namespace LambdaStreamRunner.Core.Mappings;

/// <summary>What a machine has decided so far, in numbers that only it knows.</summary>
/// <param name="RecordsRead">Records that the main cursor has passed.</param>
/// <param name="Retries">Attempts at records that had been tried before, unchanged.</param>
/// <param name="Bisections">Batches split in two.</param>
/// <param name="RecordsExpired">Records that left retention before they could be processed; no failure record is sent for them.</param>
/// <param name="RecordsSettledBefore">Records that an earlier run had settled beyond its checkpoint.</param>
/// <param name="RecordsFiltered">Records that no filter wanted: settled where the main cursor passed them.</param>
public readonly record struct ShardCounters(
    long RecordsRead, long Retries, long Bisections, long RecordsExpired, long RecordsSettledBefore, long RecordsFiltered);
