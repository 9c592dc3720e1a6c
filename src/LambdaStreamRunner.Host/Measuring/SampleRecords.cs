using System.Collections.Immutable;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>Real records to measure a function with, or made ones where there are none; they come again and again.</summary>
/// <param name="Records">One at least.</param>
/// <param name="Description">Where they are from, for people.</param>
/// <param name="AreGenerated">True when nobody named an input: their sizes mean nothing.</param>
internal sealed record SampleRecords(ImmutableArray<SampleRecord> Records, string Description, bool AreGenerated)
{
    /// <summary>Records that are read; more of the same tell nothing new.</summary>
    public const int Max = 50_000;

    /// <summary>Bytes of payload that are read.</summary>
    public const long BytesMax = 64 * 1024 * 1024;

    /// <summary>Payload of a generated record.</summary>
    public const int GeneratedBytes = 200;

    /// <summary>Reads the beginning of a file, one record per line; lines without a key are passed over.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">Not one line makes a record.</exception>
    public static async Task<SampleRecords> ReadAsync(string file, PartitionKeyExpression partitionKey, CancellationToken cancellation)
    {
        await using Stream lines = InputFile.Open(file);
        using var reader = new InputReader(lines, partitionKey);
        ImmutableArray<SampleRecord>.Builder records = ImmutableArray.CreateBuilder<SampleRecord>();
        string? complaint = null;
        for (long bytes = 0; records.Count < Max && bytes < BytesMax && await reader.ReadAsync(cancellation); bytes += reader.Current.Data.Length)
        {
            if (reader.Current.PartitionKey.Value is { } key)
                records.Add(new SampleRecord(key, reader.Current.Data.ToArray(), reader.Current.LineNumber));
            else
                complaint ??= reader.Current.Complaint;
        }
        if (records.Count == 0)
            throw new InvalidDataException(complaint is null ? $"{file} is empty." : $"{file} has no record to measure with: {complaint}.");
        return new SampleRecords(records.ToImmutable(), $"{Figures.Some(records.Count, "record")} of {file}", AreGenerated: false);
    }

    /// <summary>The configured input of a stream, as <see cref="ReadAsync(string, PartitionKeyExpression, CancellationToken)"/> reads it.</summary>
    public static Task<SampleRecords> ReadAsync(InputConfiguration input, CancellationToken cancellation) => ReadAsync(input.File, input.PartitionKey, cancellation);

    /// <summary>Makes JSON records of <see cref="GeneratedBytes"/> with 1,000 keys.</summary>
    public static SampleRecords Generate()
    {
        const int count = 10_000;
        var generator = new RecordGenerator(count, keyCount: 1_000, KeyDistribution.Zipf, GeneratedBytes, seed: 1);
        ImmutableArray<SampleRecord>.Builder records = ImmutableArray.CreateBuilder<SampleRecord>(count);
        while (generator.MoveNext())
            records.Add(new SampleRecord(generator.PartitionKey, generator.Data.ToArray(), Line: null));
        return new SampleRecords(records.ToImmutable(), FormattableString.Invariant($"generated JSON records of {GeneratedBytes} B (name real ones with --input)"), AreGenerated: true);
    }

    /// <summary>For people: "line 7", or "record 7" when it is from no file.</summary>
    public static string PlaceOf(SampleRecord record, int index) =>
        record.Line is { } line ? FormattableString.Invariant($"line {line}") : FormattableString.Invariant($"record {index + 1}");
}

/// <summary>A record without its place in a stream.</summary>
/// <param name="PartitionKey">1 to 256 characters.</param>
/// <param name="Data">The payload.</param>
/// <param name="Line">Its line in the file; null when it was made.</param>
internal readonly record struct SampleRecord(string PartitionKey, ReadOnlyMemory<byte> Data, long? Line);
