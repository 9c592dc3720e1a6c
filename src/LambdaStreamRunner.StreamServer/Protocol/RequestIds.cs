namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>The two ids that every answer carries. They tell answers apart and protect nothing: the fast generator will do.</summary>
internal static class RequestIds
{
    private const int ExtendedIdLength = 72;

    /// <summary>x-amzn-RequestId: a UUID.</summary>
    public static string NewRequestId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);          // version 4, random; Guid keeps this part in little-endian order
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes).ToString();
    }

    /// <summary>x-amz-id-2: base64 that means nothing.</summary>
    public static string NewExtendedId()
    {
        Span<byte> bytes = stackalloc byte[ExtendedIdLength];
        Random.Shared.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}
