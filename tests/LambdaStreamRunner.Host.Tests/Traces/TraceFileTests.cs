using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Host.Traces;
using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Tests.Traces;

public sealed class TraceFileTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_CSV_file_begins_at_zero_and_keeps_keys_and_sizes()
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes\n1431857103000,10.0.0.7,203\n1431857103250.5,\"a,\"\"b\"\"\",0\n");

        Assert.Equal(
            [new Arrival(0, Hash("10.0.0.7"), 8, 203), new Arrival(2_505_000, Hash("a,\"b\""), 5, 0)],
            All(opened));
        Assert.Equal("a,\"b\"", opened.Traffic.NameOf(Hash("a,\"b\"")));
        Assert.Equal("trace, 2 records in 250.5 ms", opened.Traffic.Description);
    }

    [Fact]
    public async Task Columns_may_come_in_any_order_among_others_and_lines_end_as_Windows_ends_them()
    {
        using OpenedTraffic opened = await ReadAsync("\uFEFFbytes,note,TIMEMS,partitionKey\r\n5,x,0,a\r\n\r\n6,y,1,b\r\n");

        Assert.Equal([new Arrival(0, Hash("a"), 1, 5), new Arrival(10_000, Hash("b"), 1, 6)], All(opened));
    }

    [Fact]
    public async Task Lines_of_JSON_may_hold_more_and_escape_what_they_like()
    {
        using OpenedTraffic opened = await ReadAsync("""
            {"timeMs":0,"partitionKey":"a\u0062\n","bytes":1,"more":{"timeMs":7,"x":[1]}}
            {"bytes":2,"partitionKey":"ü","timeMs":1.5e1,"explicitHashKey":null}
            """);

        Assert.Equal([new Arrival(0, Hash("ab\n"), 3, 1), new Arrival(150_000, Hash("ü"), 2, 2)], All(opened));
    }

    [Fact]
    public async Task A_hash_stands_for_the_key_in_hexadecimal_or_decimal()
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,keyHash,bytes,keyBytes\n0,000000000000000000000000000000ff,1,20\n0,255,1,\n");

        Assert.Equal([new Arrival(0, 255, 20, 1), new Arrival(0, 255, ArrivalParser.UnknownKeyBytes, 1)], All(opened));
    }

    [Fact]
    public async Task An_explicit_hash_key_decides_the_shard_and_leaves_keys_apart()
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes,explicitHashKey\n0,a,1,0\n0,b,1,0\n");

        Arrival[] all = All(opened);
        Assert.All(all, arrival => Assert.Equal(0UL, (ulong)(arrival.KeyHash >> 64)));
        Assert.NotEqual(all[0].KeyHash, all[1].KeyHash);
        Assert.Contains("explicitHashKey decides the shard", Assert.Single(opened.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_file_is_unpacked()
    {
        using (var packed = new GZipStream(File.Create(_workspace.PathOf("trace.csv.gz")), CompressionLevel.Fastest))
            packed.Write("timeMs,partitionKey,bytes\n0,a,1\n"u8);

        using OpenedTraffic opened = await TraceFile.OpenAsync(_workspace.PathOf("trace.csv.gz"), new TraceReading(), null, TestContext.Current.CancellationToken);

        Assert.Single(All(opened));
    }

    [Fact]
    public async Task A_damaged_packed_file_is_refused()
    {
        await File.WriteAllBytesAsync(_workspace.PathOf("trace.gz"), [0x1f, 0x8b, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], TestContext.Current.CancellationToken);

        TraceException refused = await Assert.ThrowsAsync<TraceException>(() => TraceFile.OpenAsync(_workspace.PathOf("trace.gz"), new TraceReading(), null, TestContext.Current.CancellationToken));

        Assert.Contains("packed file is damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_file_that_is_cut_off_anywhere_lost_its_last_records_silently()
    {
        byte[] one = Packed(500);
        byte[] two = [.. one, .. Packed(7)];
        // Cut in a header, anywhere in the data, in the trailer; and all that in the second member, where the first one is whole.
        foreach (int length in Enumerable.Range(2, one.Length - 2).Where(length => length % 97 == 0 || length > one.Length - 30).Concat(Enumerable.Range(one.Length + 1, two.Length - one.Length - 1)))
        {
            TraceException refused = await Assert.ThrowsAsync<TraceException>(() => ReadPackedAsync(two[..length]));
            Assert.Equal("cut.gz is cut off: its gzip data ends early; copy it again.", refused.Message);
        }
    }

    [Fact]
    public async Task Several_members_of_a_packed_file_are_one_trace()
    {
        using OpenedTraffic opened = await ReadPackedAsync([.. Packed(500), .. Packed(70_000)]);

        Assert.Equal(70_500, opened.Traffic.Count);
    }

    [Theory]
    [InlineData(6)]                                           // in the CRC32
    [InlineData(2)]                                           // in the length
    [InlineData(100)]                                         // in the data
    public async Task A_packed_file_whose_bits_have_changed_is_refused(int fromTheEnd)
    {
        byte[] packed = Packed(500);
        packed[^fromTheEnd] ^= 1;

        TraceException refused = await Assert.ThrowsAsync<TraceException>(() => ReadPackedAsync(packed));

        Assert.Contains("cut.gz: the packed file is damaged", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,a,x", "line 2 has bytes 'x'; it takes a whole number from 0 to 1048576")]
    [InlineData("0,a,-1", "line 2 has bytes '-1'")]
    [InlineData("0,a,1048577", "line 2 has bytes '1048577'")]
    [InlineData("0,a,1048576", "line 2 has 1048576 bytes and a key of 1")]
    [InlineData("x,a,1", "line 2 has timeMs 'x'; it takes milliseconds")]
    [InlineData("-5,a,1", "line 2 has timeMs '-5'")]
    [InlineData("1.5.2,a,1", "line 2 has timeMs '1.5.2'")]
    [InlineData("99999999999999999,a,1", "line 2 has timeMs")]
    [InlineData(",a,1", "line 2 has no timeMs")]
    [InlineData("0,,1", "line 2 has neither partitionKey nor keyHash")]
    [InlineData("0,a", "line 2 has 2 fields; the header names 3")]
    [InlineData("0,\"a,1", "line 2 ends within quotes")]
    public async Task A_bad_line_of_CSV_is_named(string line, string complaint) =>
        Assert.Contains(complaint, await RefusalAsync($"timeMs,partitionKey,bytes\n{line}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[1]", "line 2 is no JSON object")]
    [InlineData("{\"timeMs\":1,", "line 2 is not JSON at byte 12: Expected")]
    [InlineData("{\"timeMs\":1,\"partitionKey\":\"a\",\"bytes\":1} x", "line 2 is not JSON")]
    [InlineData("{\"timeMs\":[1],\"partitionKey\":\"a\",\"bytes\":1}", "line 2 has timeMs '['")]
    [InlineData("{\"timeMs\":1,\"partitionKey\":\"a\"}", "line 2 has no bytes")]
    [InlineData("{\"timeMs\":1,\"keyHash\":\"zz\",\"bytes\":1}", "line 2 has keyHash 'zz'; it takes the MD5 of the key as 32 hexadecimal digits")]
    [InlineData("{\"timeMs\":1,\"keyHash\":\"1\",\"partitionKey\":\"a\",\"bytes\":1}", "line 2 has both partitionKey and keyHash")]
    [InlineData("{\"timeMs\":1,\"partitionKey\":\"\\ud800\",\"bytes\":1}", "line 2 holds text that is not Unicode")]
    public async Task A_bad_line_of_JSON_is_named(string line, string complaint) =>
        Assert.Contains(complaint, await RefusalAsync($"{{\"timeMs\":0,\"partitionKey\":\"a\",\"bytes\":1}}\n{line}\n"), StringComparison.Ordinal);

    [Fact]
    public async Task A_key_that_is_too_long_is_named() => Assert.Contains(
        "line 2 has a partitionKey of 257 characters; Kinesis takes 1 to 256", await RefusalAsync($"timeMs,partitionKey,bytes\n0,{new string('a', 257)},1\n"), StringComparison.Ordinal);

    [Fact]
    public async Task Ten_bad_lines_are_enough()
    {
        string refusal = await RefusalAsync("timeMs,partitionKey,bytes\n" + string.Concat(Enumerable.Repeat("x,a,1\n", 50)));

        Assert.Contains("line 11 has", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("line 12 has", refusal, StringComparison.Ordinal);
        Assert.Contains("reading stopped at the 10th bad line", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "trace holds no records")]
    [InlineData("timeMs,partitionKey,bytes\n", "trace holds no records")]
    [InlineData("time,key,size\n0,a,1\n", "line 1 names the columns 'time', 'key', 'size'; a trace has timeMs")]
    public async Task What_is_no_trace_is_refused(string content, string complaint) =>
        Assert.Contains(complaint, await RefusalAsync(content), StringComparison.Ordinal);

    [Fact]
    public async Task A_line_that_is_a_little_late_is_put_in_order_and_equal_times_stay_as_they_came()
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes\n100,a,1\n1100,b,2\n100,c,3\n600,d,4\n1100,e,5\n");

        Assert.Equal([1, 3, 4, 2, 5], All(opened).Select(arrival => arrival.DataLength));
    }

    [Fact]
    public async Task A_line_that_is_too_late_is_named_with_what_helps() => Assert.Contains(
        "line 4 is 1.5 s earlier than line 3; up to 1 s is put in order, --sort puts the whole trace in order",
        await RefusalAsync("timeMs,partitionKey,bytes\n0,a,1\n1500,b,1\n0,c,1\n"),
        StringComparison.Ordinal);

    [Fact]
    public async Task Sorting_takes_any_order()
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes\n9000,a,1\n5000,b,2\n0,c,3\n5000,d,4\n", new TraceReading { Order = LineOrder.Any });

        Assert.Equal([3, 2, 4, 1], All(opened).Select(arrival => arrival.DataLength));
    }

    [Fact]
    public async Task A_long_gap_is_told_and_shortened_on_request()
    {
        string records = string.Concat(Enumerable.Range(0, 20).Select(second => $"{(second < 10 ? second : 86_400 + second) * 1000L},a,1\n"));
        string day = "timeMs,partitionKey,bytes\n" + records;

        using OpenedTraffic asItIs = await ReadAsync(day);
        using OpenedTraffic shortened = await ReadAsync(day, new TraceReading { MaxGap = TimeSpan.FromSeconds(10) });

        Assert.Contains("before line 12 nothing came for 86,401 s", Assert.Single(asItIs.Warnings), StringComparison.Ordinal);
        Assert.Contains("--max-gap SECONDS", Assert.Single(asItIs.Warnings), StringComparison.Ordinal);
        Assert.Equal([8, 9, 19, 20], All(shortened)[8..12].Select(arrival => arrival.Time.TotalSeconds));
        Assert.Contains("1 gap was shortened to 10 s", Assert.Single(shortened.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 1_000L, 100_080_000 }, "before line 4 nothing came for 100,079 s")]
    [InlineData(new[] { 0, 1_672_531_200_000 }, "before line 3 nothing came for 1,672,531,200 s")]
    public async Task A_clock_that_jumped_in_a_short_trace_went_untold(long[] times, string expected)
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes\n" + string.Concat(times.Select(time => $"{time},a,1\n")));

        Assert.Contains(expected, Assert.Single(opened.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L, 60_000L)]
    [InlineData(0L, 1L, 20_000L)]
    [InlineData(0L, 0L, 20_000L)]
    public async Task A_few_records_at_uneven_distances_are_no_reason_for_a_warning(params long[] times)
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes\n" + string.Concat(times.Select(time => $"{time},a,1\n")));

        Assert.Empty(opened.Warnings);
    }

    [Fact]
    public async Task Records_that_come_rarely_anyway_are_no_reason_for_a_warning()
    {
        using OpenedTraffic opened = await ReadAsync("timeMs,partitionKey,bytes\n" + string.Concat(Enumerable.Range(0, 20).Select(day => $"{day * 86_400_000L},a,1\n")));

        Assert.Empty(opened.Warnings);
    }

    [Fact]
    public void An_arrival_has_the_length_that_the_temporary_file_is_made_of() => Assert.Equal(32, Unsafe.SizeOf<Arrival>());

    // Times begin again now and then, within the second that is put in order.
    private static byte[] Packed(int records)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, records).Select(i => $"{{\"timeMs\":{i % 1000},\"partitionKey\":\"key-{i * 31 % 97}\",\"bytes\":{i * 7919 % 1000}}}\n"))));
        return packed.ToArray();
    }

    private async Task<OpenedTraffic> ReadPackedAsync(byte[] content)
    {
        await File.WriteAllBytesAsync(_workspace.PathOf("cut.gz"), content, TestContext.Current.CancellationToken);
        return await TraceFile.OpenAsync(_workspace.PathOf("cut.gz"), new TraceReading(), null, TestContext.Current.CancellationToken);
    }

    private static Arrival[] All(OpenedTraffic opened) => [.. opened.Traffic.ReadFrom(TimeSpan.Zero).SelectMany(block => block.ToArray())];

    private static UInt128 Hash(string key) => HashKeyRange.HashOf(Encoding.UTF8.GetBytes(key));

    private async Task<string> RefusalAsync(string content) => (await Assert.ThrowsAsync<TraceException>(() => ReadAsync(content))).Message;

    private Task<OpenedTraffic> ReadAsync(string content, TraceReading? reading = null) =>
        TraceFile.OpenAsync(_workspace.Write("trace", content), reading ?? new TraceReading(), null, TestContext.Current.CancellationToken);
}
