using System.Text;

namespace LambdaStreamRunner.Host.Producing;

/// <summary>One entry of a PutRecords: a record, or several that were aggregated.</summary>
/// <param name="partitionKey">As Kinesis gets it.</param>
/// <param name="data">As Kinesis gets it.</param>
/// <param name="orderGroup">Entries of one group are put one after the other; null for one that may overtake all others.</param>
/// <param name="userRecordCount">Records in it, at least 1.</param>
/// <param name="expectedShard">The shard that it was aggregated for; null when any will do.</param>
internal sealed class PutEntry(string partitionKey, ReadOnlyMemory<byte> data, string? orderGroup, int userRecordCount = 1, string? expectedShard = null)
{
    public string PartitionKey => partitionKey;

    public ReadOnlyMemory<byte> Data => data;

    public string? OrderGroup => orderGroup;

    public int UserRecordCount => userRecordCount;

    public string? ExpectedShard => expectedShard;

    /// <summary>Bytes as Kinesis counts them: data and key.</summary>
    public int Bytes { get; } = data.Length + Encoding.UTF8.GetByteCount(partitionKey);

    /// <summary>Tries that did not put it.</summary>
    public int FailedTries { get; set; }
}
