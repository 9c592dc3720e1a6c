using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Guarantees;

/// <summary>What a <see cref="HistoryChecker"/> holds a history to: the settings of the mapping, and what the world around it promises.</summary>
public sealed record HistoryPromises
{
    /// <summary>The settings.</summary>
    public required EventSourceMapping Mapping { get; init; }

    /// <summary>Bytes of every record in the event besides its own values; 0 (the default) judges the size of events leniently.</summary>
    public int FixedRecordLength { get; init; }

    /// <summary>Bytes that the members of a tumbling window take in the event besides the state; 0 by default.</summary>
    public int FixedWindowLength { get; init; }

    /// <summary>How long the stream keeps records.</summary>
    /// <value>24 hours by default.</value>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>True when the mapping has an on-failure destination; without one a discarded record is a lost record.</summary>
    public bool HasDestination { get; init; }

    /// <summary>True when every record that ever arrived must be settled, also those before the starting position.</summary>
    /// <value>False by default: those from where the first machine of each shard began, and those of shards made after that.</value>
    public bool ExpectsEverything { get; init; }

    /// <summary>From when on nothing goes wrong any more; null when nothing ever does.</summary>
    public DateTimeOffset? FaultsEnd { get; init; }

    /// <summary>Longest time to settle everything, from the last record or the end of the faults, whichever is later; null is not checked.</summary>
    public TimeSpan? SettledWithin { get; init; }

    /// <summary>True when the mapping may be stopped so that it first delivers what it holds: then batches need not wait for their windows.</summary>
    /// <value>
    /// True by default: a history does not tell that a stop was asked for, so a batch that is called drained is believed.
    /// False where nobody drains: such a batch was closed too early.
    /// </value>
    public bool MayBeDrained { get; init; } = true;

    /// <summary>Longest time from a record's arrival until an idle mapping knows of it: one second when polling as AWS does, else zero.</summary>
    /// <value>Null (the default): that batches are not closed too late is not checked.</value>
    /// <remarks>
    /// Checked only where nothing else can have held a record back: without tumbling windows, without records larger than an
    /// event, with less than half of the read-ahead used, and before anything on the shard is as old as the retention.
    /// </remarks>
    public TimeSpan? ReadWithin { get; init; }

    /// <summary>The effect that a record must have when it has succeeded; null for a record that must have none.</summary>
    /// <value>Partition key and payload as text by default; a null function: effects are not checked. Nor are they in a history without any, unless <see cref="ExpectsEffects"/> says so.</value>
    public Func<StreamRecord, EffectExpectation?>? Effects { get; init; } = EffectExpectation.KeyAndText;

    /// <summary>The number of a record as its producer knows it: what was put more than once has several sequence numbers and one of these.</summary>
    /// <value>Null (the default): every record was put once. Otherwise one effect does for all records with the same number, wherever they are.</value>
    public Func<StreamRecord, long>? ProducerNumbers { get; init; }

    /// <summary>True when effects must be made also in a history that has none: its handler is known to make them. False by default.</summary>
    public bool ExpectsEffects { get; init; }

    /// <summary>True when a record's effect must be made once, although the record may be delivered again.</summary>
    public bool EffectsExactlyOnce { get; init; }
}
