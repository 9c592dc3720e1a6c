namespace LambdaStreamRunner.Core.Mappings;

/// <summary>Request ids (random UUIDs) from a seed: the same seed gives the same ids.</summary>
internal struct RequestIds(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>The next id, in the form of a version 4 UUID.</summary>
    public Guid Next()
    {
        UInt128 bits = new(NextBits(), NextBits());
        bits = (bits & ~((UInt128)0xF << 76)) | ((UInt128)0x4 << 76);          // version 4
        bits = (bits & ~((UInt128)0x3 << 62)) | ((UInt128)0x2 << 62);          // the variant of RFC 9562
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new Guid(bytes, bigEndian: true);
    }

    // SplitMix64 (Steele, Lea, Flood 2014): one addition of state, well mixed.
    private ulong NextBits()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
