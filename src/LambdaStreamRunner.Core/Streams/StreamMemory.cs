namespace LambdaStreamRunner.Core.Streams;

/// <summary>Where streams take large pieces of memory from. This one has the runtime allocate each of them.</summary>
/// <remarks>
/// Derive from it to place them better. A piece is never given back: it is free when nothing points into it any more,
/// since readers hold slices for as long as they like. Several shards may ask at the same time.
/// </remarks>
public class StreamMemory
{
    /// <summary>Every piece is an array of its own.</summary>
    public static StreamMemory Plain { get; } = new();

    /// <summary>Room for keys and payloads; its content is undefined.</summary>
    /// <param name="length">Bytes; always the same size, that of an arena's largest chunk.</param>
    public virtual ArraySegment<byte> AllocateBytes(int length) => new(GC.AllocateUninitializedArray<byte>(length));

    /// <summary>Room for records, all of them empty.</summary>
    /// <param name="count">Records; always the same number, that of a full-sized segment of a log.</param>
    public virtual ArraySegment<StreamRecord> AllocateRecords(int count) => new(new StreamRecord[count]);
}
