using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html</summary>
internal sealed class PutRecord : DataAction
{
    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        Protocol.Members.Data,
        Protocol.Members.PartitionKey,
        Protocol.Members.ExplicitHashKey,
        Protocol.Members.SequenceNumber("SequenceNumberForOrdering"),
        Protocol.Members.DryRun,
    ];

    public override Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.DataStreamOf(request);
        UInt128? explicitHashKey = ParseHashKey(request.Text("ExplicitHashKey"));
        CheckOrdering(request.Text("SequenceNumberForOrdering"), stream, service);
        PutEntry entry = EntryOf(request, explicitHashKey);
        stream.CheckRecordBytes(entry.RawLength);
        if (request.Boolean("DryRun"))
            throw KinesisException.DryRun();

        RehearsedCall? rehearsed = stream.Faults?.Next(service.Stopping);
        if (rehearsed?.RefusalOfPut(stream, entry) is { } refusal)
            return rehearsed.LateAsync(refusal);

        Task safe = stream.Put(new Span<PutEntry>(ref entry));
        PutAnswer.WriteOne(answer, entry, stream.EncryptionType);
        return rehearsed?.LateAsync(safe) ?? safe;
    }

    /// <summary>The record of a request, or of an entry of PutRecords.</summary>
    internal static PutEntry EntryOf(Arguments record, UInt128? explicitHashKey) =>
        PutEntry.FromBytes(Encoding.UTF8.GetBytes(record.Text("PartitionKey")!), record.Blob("Data"), explicitHashKey);

    /// <summary>The pattern lets 39 digits pass, which can be too large.</summary>
    internal static UInt128? ParseHashKey(string? digits)
    {
        if (digits is null)
            return null;
        return UInt128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out UInt128 key)
            ? key
            : throw KinesisException.InvalidArgument(
                $"Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {digits}");
    }

    /// <summary>A number that a stream gave before is always lower than the next one; what no stream can have given is refused.</summary>
    private static void CheckOrdering(string? minimum, EmbeddedStream stream, KinesisService service)
    {
        if (minimum is null)
            return;
        if (EncodedSequence.Decode(minimum) is { } encoded && encoded.RecordSeconds <= service.Streams.Time.GetUtcNow().ToUnixTimeSeconds())
            return;
        throw KinesisException.InvalidArgument(
            $"ExclusiveMinimumSequenceNumber {minimum} used in PutRecord on stream {stream.Name} under account {stream.Account} is invalid.");
    }
}
