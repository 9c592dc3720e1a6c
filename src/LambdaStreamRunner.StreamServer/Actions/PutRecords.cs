using System.Buffers;
using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Faults;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html</summary>
internal sealed class PutRecords : DataAction
{
    /// <summary>Most bytes of keys and data in one request.</summary>
    public const int BytesMax = 10 * 1024 * 1024;

    private static readonly Member Entry = new("Record", MemberType.Structure)
    {
        Members = [Protocol.Members.Data, Protocol.Members.PartitionKey, Protocol.Members.ExplicitHashKey],
    };

    public override ImmutableArray<Member> Members { get; } =
    [
        .. Protocol.Members.Stream,
        new("Records", MemberType.List) { IsRequired = true, LengthMin = 1, LengthMax = Protocol.Members.PutRecordsEntriesMax, Element = Entry },
        Protocol.Members.DryRun,
    ];

    public override Task ExecuteAsync(Arguments request, KinesisService service, IBufferWriter<byte> answer)
    {
        EmbeddedStream stream = service.DataStreamOf(request);
        PutEntry[] entries = [.. request.List("Records").Select(record => PutRecord.EntryOf(record, PutRecord.ParseHashKey(record.Text("ExplicitHashKey"))))];
        long bytes = 0;
        foreach (ref readonly PutEntry entry in entries.AsSpan())
        {
            stream.CheckRecordBytes(entry.RawLength);
            bytes += entry.RawLength;
        }
        if (bytes > BytesMax)
            throw KinesisException.InvalidArgument("Records size exceeds 10 MB limit");
        if (request.Boolean("DryRun"))
            throw KinesisException.DryRun();

        RehearsedCall? rehearsed = stream.Faults?.Next(service.Stopping);
        if (rehearsed?.RefusalOfPutRecords() is { } refusal)
            return rehearsed.LateAsync(refusal);

        rehearsed?.FailSome(entries, stream);
        Task safe = rehearsed is null ? stream.Put(entries) : PutOthers(entries, stream);
        PutAnswer.WriteMany(answer, entries, stream.EncryptionType);
        return rehearsed?.LateAsync(safe) ?? safe;
    }

    /// <summary>Puts those records of a request that have not failed already.</summary>
    private static Task PutOthers(PutEntry[] entries, EmbeddedStream stream)
    {
        int[] places = [.. Enumerable.Range(0, entries.Length).Where(place => entries[place].Failure is null)];
        if (places.Length == 0)
            return Task.CompletedTask;
        PutEntry[] others = [.. places.Select(place => entries[place])];
        Task safe = stream.Put(others);
        foreach ((int index, int place) in places.Index())
            entries[place] = others[index];
        return safe;
    }
}
