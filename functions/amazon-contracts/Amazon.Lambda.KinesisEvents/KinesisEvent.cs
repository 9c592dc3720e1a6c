namespace Amazon.Lambda.KinesisEvents;

/// <summary>A batch of records of one shard.</summary>
public class KinesisEvent
{
    public IList<KinesisEventRecord> Records { get; set; }

    /// <summary>The record as the stream keeps it.</summary>
    public class Record : Amazon.Kinesis.Model.Record
    {
        public string KinesisSchemaVersion { get; set; }
    }

    /// <summary>The record as it is delivered.</summary>
    public class KinesisEventRecord
    {
        public string AwsRegion { get; set; }

        /// <summary>Shard id, colon, sequence number.</summary>
        public string EventId { get; set; }

        public string EventName { get; set; }

        public string EventSource { get; set; }

        public string EventSourceARN { get; set; }

        public string EventVersion { get; set; }

        public string InvokeIdentityArn { get; set; }

        public Record Kinesis { get; set; }
    }
}
