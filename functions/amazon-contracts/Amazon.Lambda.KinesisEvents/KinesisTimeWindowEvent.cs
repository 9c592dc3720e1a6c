using System.Text.Json.Serialization;
using Amazon.Lambda.KinesisEvents.Converters;

namespace Amazon.Lambda.KinesisEvents;

/// <summary>A batch within a tumbling window.</summary>
public class KinesisTimeWindowEvent : KinesisEvent
{
    public TimeWindow Window { get; set; }

    /// <summary>What the previous invocation of the window returned; strings and whole numbers only.</summary>
    [JsonConverter(typeof(DictionaryLongToStringJsonConverter))]
    public Dictionary<string, string> State { get; set; }

    public string ShardId { get; set; }

    public string EventSourceARN { get; set; }

    public bool? IsFinalInvokeForWindow { get; set; }

    public bool? IsWindowTerminatedEarly { get; set; }

    /// <summary>From its start, which belongs to it, to its end.</summary>
    public class TimeWindow
    {
        public DateTime Start { get; set; }

        public DateTime End { get; set; }
    }
}
