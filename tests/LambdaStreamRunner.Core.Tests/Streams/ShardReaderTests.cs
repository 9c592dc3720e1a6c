using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Streams;

/// <summary>Kinesis reference 3.4 (positions) and 3.6 (GetRecords).</summary>
public class ShardReaderTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600);

    private readonly InMemoryStream _stream = new(1, Start);
    private readonly Shard _shard;

    public ShardReaderTests() => _shard = _stream.Shards[0];

    [Fact]
    public void An_empty_shard_returns_nothing_and_is_not_ended()
    {
        ShardRead read = new ShardReader(_shard).Read(ShardPosition.TrimHorizon, 10, Start);

        Assert.True(read.Records.IsEmpty);
        Assert.False(read.EndOfShard);
        Assert.Equal(ShardPosition.TrimHorizon, read.Next);
        Assert.Equal(0, read.MillisBehindLatest);
    }

    [Fact]
    public void Reading_on_returns_every_record_once_and_in_order()
    {
        Put(5000);
        var reader = new ShardReader(_shard);
        ShardPosition position = ShardPosition.TrimHorizon;

        List<string> seen = [];
        ShardRead read;
        do
        {
            read = reader.Read(position, 777, Start);
            seen.AddRange(Texts(read));
            position = read.Next;
        }
        while (!read.Records.IsEmpty);

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"r{i}"), seen);
    }

    [Fact]
    public void A_read_elsewhere_does_not_disturb_reading_on()
    {
        SequenceNumber[] numbers = Put(3000);
        var reader = new ShardReader(_shard);
        ShardRead first = reader.Read(ShardPosition.TrimHorizon, 2000, Start);

        Assert.Equal("r5", Texts(reader.Read(ShardPosition.At(numbers[5]), 1, Start)).Single());
        Assert.Equal("r2000", Texts(reader.Read(first.Next, 1, Start)).Single());
    }

    [Fact]
    public void At_takes_the_first_record_with_the_number_or_a_higher_one()
    {
        SequenceNumber[] numbers = Put(10);

        Assert.Equal("r0", FirstFrom(ShardPosition.At(SequenceNumber.Parse("5"))));
        Assert.Equal("r3", FirstFrom(ShardPosition.At(numbers[3])));
        Assert.Equal("r4", FirstFrom(ShardPosition.At(numbers[3].Next())));
        Assert.Null(FirstFrom(ShardPosition.At(numbers[9].Next())));
    }

    [Fact]
    public void After_takes_the_first_record_with_a_higher_number()
    {
        SequenceNumber[] numbers = Put(10);

        Assert.Equal("r0", FirstFrom(ShardPosition.After(_shard.StartingSequenceNumber)));
        Assert.Equal("r4", FirstFrom(ShardPosition.After(numbers[3])));
        Assert.Equal("r4", FirstFrom(ShardPosition.After(numbers[3].Next())));
        Assert.Null(FirstFrom(ShardPosition.After(numbers[9])));
    }

    [Fact]
    public void At_timestamp_takes_the_first_record_that_arrived_then_or_later()
    {
        Put(1, Start.AddSeconds(1), "early");
        Put(1, Start.AddSeconds(5), "late");

        Assert.Equal("early0", FirstFrom(ShardPosition.AtTimestamp(Start)));
        Assert.Equal("early0", FirstFrom(ShardPosition.AtTimestamp(Start.AddSeconds(1))));
        Assert.Equal("late0", FirstFrom(ShardPosition.AtTimestamp(Start.AddSeconds(1).AddMilliseconds(1))));
        Assert.Null(FirstFrom(ShardPosition.AtTimestamp(Start.AddSeconds(6))));
    }

    [Fact]
    public void Latest_is_fixed_by_the_first_read()
    {
        Put(3);
        var reader = new ShardReader(_shard);
        ShardRead nothing = reader.Read(ShardPosition.Latest, 10, Start);
        Put(2, Start, "new");

        Assert.True(nothing.Records.IsEmpty);
        Assert.Equal(["new0", "new1"], Texts(reader.Read(nothing.Next, 10, Start)));
    }

    [Fact]
    public void Latest_on_an_empty_shard_sees_the_first_record()
    {
        ShardPosition latest = _shard.Resolve(ShardPosition.Latest);
        Put(1);

        Assert.Equal("r0", FirstFrom(latest));
    }

    [Fact]
    public void A_read_stops_before_ten_mebibytes_are_passed()
    {
        byte[] data = new byte[1_000_000];
        for (int i = 0; i < 25; i++)
            _shard.Append("k"u8, data, 0, Start);
        var reader = new ShardReader(_shard);

        ShardRead first = reader.Read(ShardPosition.TrimHorizon, 10_000, Start);
        ShardRead second = reader.Read(first.Next, 10_000, Start);
        ShardRead third = reader.Read(second.Next, 10_000, Start);

        Assert.Equal([10, 10, 5], new[] { first, second, third }.Select(read => read.Records.Length));
    }

    [Fact]
    public void Millis_behind_latest_is_the_age_of_the_first_record_left_behind()
    {
        Put(1, Start);
        Put(1, Start.AddSeconds(2));
        var reader = new ShardReader(_shard);

        Assert.Equal(8_000, reader.Read(ShardPosition.TrimHorizon, 1, Start.AddSeconds(10)).MillisBehindLatest);
        Assert.Equal(0, reader.Read(ShardPosition.TrimHorizon, 2, Start.AddSeconds(10)).MillisBehindLatest);
    }

    [Fact]
    public void The_end_is_told_with_the_last_records_of_a_closed_shard()
    {
        Put(3);
        _shard.Close(Start);
        var reader = new ShardReader(_shard);

        ShardRead first = reader.Read(ShardPosition.TrimHorizon, 2, Start);
        ShardRead last = reader.Read(first.Next, 2, Start);
        ShardRead beyond = reader.Read(last.Next, 2, Start);

        Assert.False(first.EndOfShard);
        Assert.True(last.EndOfShard);
        Assert.True(beyond.EndOfShard);
        Assert.True(beyond.Records.IsEmpty);
    }

    [Fact]
    public void Records_past_retention_are_passed_over_even_before_they_are_trimmed()
    {
        Put(3, Start);
        Put(2, Start.AddHours(1), "young");
        DateTimeOffset now = Start.AddHours(24);
        var reader = new ShardReader(_shard);

        Assert.Equal(["young0", "young1"], Texts(reader.Read(ShardPosition.TrimHorizon, 10, now)));
        Assert.True(reader.Read(ShardPosition.TrimHorizon, 10, now.AddHours(1)).Records.IsEmpty);
    }

    [Fact]
    public void A_longer_retention_brings_nothing_back_that_is_forgotten()
    {
        Put(3, Start);
        Put(2, Start.AddHours(1), "young");
        DateTimeOffset now = Start.AddHours(24);
        _stream.ForgottenThrough = _stream.ExpiredArrival(now);
        _stream.Retention = TimeSpan.FromHours(48);
        var reader = new ShardReader(_shard);

        Assert.Equal(["young0", "young1"], Texts(reader.Read(ShardPosition.TrimHorizon, 10, now)));
        Assert.Equal(["young0", "young1"], Texts(reader.Read(ShardPosition.TrimHorizon, 10, Start.AddHours(48))));
        Assert.True(reader.Read(ShardPosition.TrimHorizon, 10, Start.AddHours(49)).Records.IsEmpty);
    }

    [Fact]
    public void Trimming_frees_memory_and_keeps_numbers_and_positions()
    {
        SequenceNumber[] numbers = Put(5000, Start);
        var reader = new ShardReader(_shard);
        ShardRead held = reader.Read(ShardPosition.TrimHorizon, 100, Start);

        long retained = _shard.RetainedBytes;
        long freed = _shard.Trim(Start.AddHours(25));
        Assert.Equal(retained, freed);
        Assert.Equal(0, _shard.RetainedBytes);
        Assert.Equal("r99", Texts(held).Last());

        Assert.Equal(ShardPosition.After(numbers[^1]), _shard.Resolve(ShardPosition.Latest));
        Put(2, Start.AddHours(25), "new");
        Assert.Equal(["new0", "new1"], Texts(reader.Read(held.Next, 10, Start.AddHours(25))));
        Assert.Equal("new0", FirstFrom(ShardPosition.At(numbers[7]), Start.AddHours(25)));
    }

    [Fact]
    public void Large_records_give_their_memory_back_in_small_portions()
    {
        byte[] data = new byte[1_000_000];
        for (int minute = 0; minute < 100; minute++)
            _shard.Append("k"u8, data, 0, Start.AddMinutes(minute));

        _shard.Trim(Start.AddMinutes(50).AddHours(24));

        Assert.InRange(_shard.RetainedBytes, 49 * 1_000_000, 57 * 1_000_000);
    }

    private SequenceNumber[] Put(int count, DateTimeOffset? at = null, string prefix = "r") =>
        [.. Enumerable.Range(0, count).Select(i => _shard.Append("key"u8, System.Text.Encoding.UTF8.GetBytes($"{prefix}{i}"), 7, at ?? Start))];

    private string? FirstFrom(ShardPosition position, DateTimeOffset? now = null) =>
        Texts(new ShardReader(_shard).Read(position, 1, now ?? Start)).FirstOrDefault();

    private static List<string> Texts(ShardRead read)
    {
        List<string> texts = [];
        foreach (ReadOnlyMemory<StreamRecord> run in read.Records)
            foreach (StreamRecord record in run.Span)
                texts.Add(System.Text.Encoding.UTF8.GetString(record.Data.Span));
        return texts;
    }
}
