using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LambdaStreamRunner.Aggregation;

/// <summary>Reads the message of an aggregated record. All or nothing: one broken user record makes the whole message broken.</summary>
/// <remarks>Fields may come in any order, so a first pass gathers the tables and a second one the records. Memory stays in proportion to the message.</remarks>
internal static class AggregateReader
{
    public static bool TryRead(ReadOnlyMemory<byte> message, [NotNullWhen(true)] out List<UserRecord>? records)
    {
        records = null;
        if (!Tables.TryRead(message, out Tables? tables))
            return false;

        List<UserRecord> found = [];
        var reader = new MessageReader(message);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag))
                return false;
            if (tag != AggregateFormat.Records)
            {
                if (!reader.TrySkip(tag))
                    return false;
                continue;
            }
            if (!reader.TryReadBytes(out ReadOnlyMemory<byte> record) || !TryReadRecord(record, tables, found.Count, out UserRecord user))
                return false;
            found.Add(user);
        }
        records = found;
        return true;
    }

    private static bool TryReadRecord(ReadOnlyMemory<byte> message, Tables tables, int subSequenceNumber, out UserRecord user)
    {
        user = default;
        ulong? keyIndex = null;
        ulong? hashKeyIndex = null;
        ReadOnlyMemory<byte>? data = null;
        var reader = new MessageReader(message);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag))
                return false;
            ulong index = 0;
            ReadOnlyMemory<byte> bytes = default;
            bool isRead = tag switch
            {
                AggregateFormat.PartitionKeyIndex or AggregateFormat.ExplicitHashKeyIndex => reader.TryReadVarint(out index),
                AggregateFormat.Data => reader.TryReadBytes(out bytes),
                _ => reader.TrySkip(tag),                     // tags, which nobody uses, and what later versions may add
            };
            if (!isRead)
                return false;
            if (tag == AggregateFormat.PartitionKeyIndex)
                keyIndex = index;
            else if (tag == AggregateFormat.ExplicitHashKeyIndex)
                hashKeyIndex = index;
            else if (tag == AggregateFormat.Data)
                data = bytes;
        }
        if (data is null || Entry(tables.PartitionKeys, keyIndex) is not { } key)
            return false;
        string? hashKey = Entry(tables.ExplicitHashKeys, hashKeyIndex);
        if (hashKeyIndex is not null && hashKey is null)
            return false;
        user = new UserRecord(key, hashKey, data.Value, subSequenceNumber, IsAggregated: true);
        return true;
    }

    private static string? Entry(List<string> table, ulong? index) => index < (ulong)table.Count ? table[(int)index] : null;

    /// <summary>The keys, each written once however many records share it.</summary>
    private sealed class Tables
    {
        public List<string> PartitionKeys { get; } = [];

        public List<string> ExplicitHashKeys { get; } = [];

        public static bool TryRead(ReadOnlyMemory<byte> message, [NotNullWhen(true)] out Tables? tables)
        {
            tables = null;
            var found = new Tables();
            var reader = new MessageReader(message);
            while (!reader.IsAtEnd)
            {
                if (!reader.TryReadTag(out uint tag) || !found.TryTake(tag, ref reader))
                    return false;
            }
            tables = found;
            return true;
        }

        private bool TryTake(uint tag, ref MessageReader reader)
        {
            List<string>? table = tag switch
            {
                AggregateFormat.PartitionKeyTable => PartitionKeys,
                AggregateFormat.ExplicitHashKeyTable => ExplicitHashKeys,
                _ => null,
            };
            if (table is null)
                return reader.TrySkip(tag);
            if (!reader.TryReadBytes(out ReadOnlyMemory<byte> key))
                return false;
            table.Add(Encoding.UTF8.GetString(key.Span));
            return true;
        }
    }
}
