namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>One record of a put as it lies in the request: nothing is decoded or copied yet.</summary>
internal struct PutEntry
{
    public TextSlice Key;
    public TextSlice Base64;
    public int DataLength;
    public UInt128? ExplicitHashKey;
    public EmbeddedShard? Shard;
}

/// <summary>A text of a request: where it stands, in the body or, when it had escapes, among the unescaped texts.</summary>
internal readonly record struct TextSlice(int Start, int Length, bool IsUnescaped);
