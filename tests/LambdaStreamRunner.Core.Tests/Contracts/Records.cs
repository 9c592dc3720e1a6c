using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Contracts;

/// <summary>Records for the tests of this folder.</summary>
internal static class Records
{
    /// <summary>The record of the reference's example.</summary>
    public static StreamRecord OfTheExample(ReadOnlySpan<byte> data) => StreamRecord.Create(
        "order-17", data, SequenceNumber.Parse("49600000000000000000000000000000000000000000000000000002"), At(1789809085234));

    /// <summary>A batch whose records have the given numbers.</summary>
    public static StreamRecord[] Numbered(params string[] sequenceNumbers) =>
        [.. sequenceNumbers.Select(number => StreamRecord.Create("key", "data"u8, SequenceNumber.Parse(number), At(1789809085234)))];

    /// <summary>Any record: any text as key, any bytes, any arrival, numbers of AWS and of any other length.</summary>
    public static Gen<StreamRecord> Any { get; } =
        from key in Gen.String
        from data in Gen.Byte.Array[0, 100]
        from number in Gen.OneOf(Assigned, Foreign)
        from arrival in Gen.Long[-10_000, 253_402_300_799_999]
        select StreamRecord.Create(key, data, number, At(arrival));

    private static Gen<SequenceNumber> Assigned =>
        from created in Gen.Long[0, int.MaxValue]
        from shard in Gen.Int[0, 20_000]
        from index in Gen.ULong
        from second in Gen.Long[0, int.MaxValue]
        select SequenceNumber.Create(created, shard, index, second);

    private static Gen<SequenceNumber> Foreign =>
        Gen.Select(Gen.ULong[0, 100], Gen.ULong, Gen.ULong, (high, middle, low) => new SequenceNumber(high, high == 0 ? middle % 5 : middle, low));

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
