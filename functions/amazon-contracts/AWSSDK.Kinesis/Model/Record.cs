namespace Amazon.Kinesis.Model;

/// <summary>A record of a stream.</summary>
public class Record
{
    /// <summary>When the stream took the record; null when the event does not say.</summary>
    public DateTime? ApproximateArrivalTimestamp { get; set; }

    /// <summary>The payload, at its beginning.</summary>
    public MemoryStream Data { get; set; }

    /// <summary>Not part of an event.</summary>
    public EncryptionType EncryptionType { get; set; }

    /// <summary>Groups records: those of one key stay in order.</summary>
    public string PartitionKey { get; set; }

    /// <summary>Position in the shard, a decimal number.</summary>
    public string SequenceNumber { get; set; }
}
