using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Histories;

/// <summary>What was written is read: every kind of step, and as much as there is of a file whose writer was killed.</summary>
public class HistoryFileTests
{
    private const string Header = """{"lambdaStreamHistory":1}""";

    private static readonly string Mapping = LineOf(1, new History { Mappings = [new MappingHistory(new HistoryMapping(), [])] });

    [Fact]
    public void Whatever_was_written_is_read_back_whole() =>
        SomeHistory.Any.Sample(history => Assert.Equal(Whole.TextOf(history), Whole.TextOf(HistoryReader.Read(HistoryWriter.Write(history)))));

    [Fact]
    public void The_random_histories_have_every_kind_of_step_in_them()
    {
        var seen = new HashSet<Type>();

        SomeHistory.Any.Sample(history => seen.UnionWith(history.Mappings.SelectMany(mapping => mapping.Steps).Select(step => step.GetType())), iter: 200, threads: 1);

        Assert.Equal(typeof(HistoryStep).GetNestedTypes().Select(type => type.Name).Order(), seen.Select(type => type.Name).Order());
    }

    [Fact]
    public void Of_a_file_that_is_cut_anywhere_the_whole_lines_are_read_and_the_torn_one_is_told() =>
        Gen.Select(SomeHistory.Any, Gen.Double[0, 1]).Sample((history, where) =>
        {
            byte[] file = HistoryWriter.Write(history);
            int header = Array.IndexOf(file, (byte)'\n') + 1;
            byte[] cut = file[..(header + (int)(where * (file.Length - header)))];

            History read = HistoryReader.Read(cut);

            int wholeLines = cut.Count(character => character == '\n');
            bool isLineWithoutEnd = cut.Length < file.Length && cut[^1] != '\n' && file[cut.Length] == '\n';
            int lines = 1 + read.Mappings.Sum(mapping => 1 + mapping.Changes.Length + mapping.Steps.Count + mapping.Findings.Length);
            Assert.Equal(wholeLines + (isLineWithoutEnd ? 1 : 0), lines);
            Assert.Equal(cut[^1] != '\n' && !isLineWithoutEnd, read.IsTorn);
        });

    [Fact]
    public void A_record_is_written_whole_once_and_named_by_its_number_afterwards()
    {
        StreamRecord record = StreamRecord.Create("K", "payload"u8, Some.Number(1), Some.Time);
        HistoryStep[] steps =
        [
            new HistoryStep.RecordArrived(Some.Time, "shardId-000000000000", record),
            new HistoryStep.InvocationStarted(Some.Time.AddSeconds(0.25), "shardId-000000000000", 3, new Guid(1, 2, 3, new byte[8]), 2, new[] { record }),
        ];

        string file = Encoding.UTF8.GetString(HistoryWriter.Write(new History { Seed = 7, Mappings = [new MappingHistory(new HistoryMapping { Name = "clicks → f" }, steps)] }));

        Assert.Equal($$$"""
            {"lambdaStreamHistory":1,"seed":7}
            {"mapping":0,"name":"clicks → f","retentionInSeconds":86400,"fixedRecordLength":0,"fixedWindowLength":0,"settings":{"EventSourceArn":"","FunctionName":"","StartingPosition":"TRIM_HORIZON","BatchSize":100,"MaximumBatchingWindowInSeconds":0,"ParallelizationFactor":1,"BisectBatchOnFunctionError":false,"MaximumRetryAttempts":-1,"MaximumRecordAgeInSeconds":-1,"FunctionResponseTypes":[],"Filters":[],"TumblingWindowInSeconds":0,"TumblingWindowGraceInSeconds":120,"LanePolicy":"HashLanes","Polling":"Eager"}}
            {"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"shardId-000000000000","sequenceNumber":"{{{Some.Number(1)}}}","key":"K","arrivalMs":1767225600000,"data":"cGF5bG9hZA=="}
            {"step":"InvocationStarted","time":"2026-01-01T00:00:00.25Z","shard":"shardId-000000000000","lane":3,"requestId":"00000001-0002-0003-0000-000000000000","attempt":2,"records":["{{{Some.Number(1)}}}"]}

            """, file);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_message_does_not_stop_the_writer()
    {
        HistoryStep step = new HistoryStep.InvocationEnded(Some.Time, "s", default, new BatchOutcome.Failed("cut \ud83d"));

        History read = HistoryReader.Read(HistoryWriter.Write(new History { Mappings = [new MappingHistory(new HistoryMapping(), [step])] }));

        Assert.Equal("cut \ufffd", Assert.IsType<BatchOutcome.Failed>(((HistoryStep.InvocationEnded)read.Mappings[0].Steps[0]).Outcome).Error);
    }

    [Theory]
    [InlineData("Line 1 is missing: the file is empty")]
    [InlineData("Line 1 is no JSON", "an access log")]
    [InlineData("Line 1 has no \"lambdaStreamHistory\": this is no history of lambda-stream", """{"a":1}""")]
    [InlineData("Line 1 says that this history is of version 2; this program reads version 1", """{"lambdaStreamHistory":2}""")]
    [InlineData("Line 2 is about mapping 0, whose settings have not come before", Header, """{"step":"ShardClosed","time":"2026-01-01T00:00:00Z","shard":"s"}""")]
    [InlineData("Line 2 is about mapping 1; the next one is 0", Header, """{"mapping":1}""")]
    [InlineData("Line 2 has no \"name\"", Header, """{"mapping":0}""")]
    [InlineData("Line 3 is no JSON", Header, "M", """{"step":"ShardClosed","ti""", """{"step":"ShardClosed"}""")]
    [InlineData("Line 3 is neither a mapping nor a step", Header, "M", """{"stop":"ShardClosed"}""")]
    [InlineData("Line 3 is no JSON object", Header, "M", "[]")]
    [InlineData("Line 3 has a \"step\" that is 'Exploded', which this version does not know", Header, "M", """{"step":"Exploded","time":"2026-01-01T00:00:00Z","shard":"s"}""")]
    [InlineData("Line 3 has no \"time\"", Header, "M", """{"step":"ShardClosed","shard":"s"}""")]
    [InlineData("Line 3 has a \"time\" that is not a time such as", Header, "M", """{"step":"ShardClosed","time":"now","shard":"s"}""")]
    [InlineData("Line 3 has a \"shard\" that is not a text", Header, "M", """{"step":"ShardClosed","time":"2026-01-01T00:00:00Z","shard":5}""")]
    [InlineData("Line 3 names record 12 of s, which has not arrived", Header, "M", """{"step":"Filtered","time":"2026-01-01T00:00:00Z","shard":"s","records":["12"]}""")]
    [InlineData("Line 3 has a \"reason\" that is 'Bored'; it can be ShardEnd, Stopped", Header, "M", """{"step":"MachineClosed","time":"2026-01-01T00:00:00Z","shard":"s","reason":"Bored"}""")]
    [InlineData("Line 3 has a text that cannot be read", Header, "M", """{"step":"ShardClosed","time":"2026-01-01T00:00:00Z","shard":"\ud83d"}""")]
    [InlineData("Line 4 tells of record 4 of s after 5, which is higher", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"5","key":"k","arrivalMs":0,"data":""}""", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"4","key":"k","arrivalMs":0,"data":""}""")]
    [InlineData("Line 3 has a \"sequenceNumber\" that is not above 0", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"0","key":"k","arrivalMs":0,"data":""}""")]
    [InlineData("Line 4 has a \"lane\" that is not a whole number from 0 to 9", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"5","key":"k","arrivalMs":0,"data":""}""", """{"step":"InvocationStarted","time":"2026-01-01T00:00:00Z","shard":"s","lane":-1,"requestId":"00000000-0000-0000-0000-000000000001","attempt":1,"records":["5"]}""")]
    [InlineData("Line 4 has a \"lane\" that is not a whole number from 0 to 9", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"5","key":"k","arrivalMs":0,"data":""}""", """{"step":"InvocationStarted","time":"2026-01-01T00:00:00Z","shard":"s","lane":2147483647,"requestId":"00000000-0000-0000-0000-000000000001","attempt":1,"records":["5"]}""")]
    [InlineData("Line 4 has a \"attempt\" that is not a whole number from 1 to", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"5","key":"k","arrivalMs":0,"data":""}""", """{"step":"InvocationStarted","time":"2026-01-01T00:00:00Z","shard":"s","lane":0,"requestId":"00000000-0000-0000-0000-000000000001","attempt":0,"records":["5"]}""")]
    [InlineData("Line 5 has a \"lowestFailedIndex\" that is not a whole number from 0 to 1", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"5","key":"k","arrivalMs":0,"data":""}""", """{"step":"InvocationStarted","time":"2026-01-01T00:00:00Z","shard":"s","lane":0,"requestId":"00000000-0000-0000-0000-000000000001","attempt":1,"records":["5"]}""", """{"step":"InvocationEnded","time":"2026-01-01T00:00:00Z","shard":"s","requestId":"00000000-0000-0000-0000-000000000001","outcome":"PartlyFailed","lowestFailedIndex":-5}""")]
    [InlineData("Line 5 has a \"lowestFailedIndex\" that is not a whole number from 0 to 1", Header, "M", """{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"5","key":"k","arrivalMs":0,"data":""}""", """{"step":"InvocationStarted","time":"2026-01-01T00:00:00Z","shard":"s","lane":0,"requestId":"00000000-0000-0000-0000-000000000001","attempt":1,"records":["5"]}""", """{"step":"InvocationEnded","time":"2026-01-01T00:00:00Z","shard":"s","requestId":"00000000-0000-0000-0000-000000000001","outcome":"PartlyFailed","lowestFailedIndex":5000}""")]
    [InlineData("Line 3 has a \"time\" that is not between the years 1970 and 9900", Header, "M", """{"step":"ShardClosed","time":"9999-12-31T23:59:59Z","shard":"s"}""")]
    [InlineData("Line 3 has a \"time\" that is not between the years 1970 and 9900", Header, "M", """{"step":"ShardClosed","time":"0001-01-01T00:00:00Z","shard":"s"}""")]
    [InlineData("Line 3 has a \"stepIndex\" that is not a whole number from 0", Header, "M", """{"broken":"Order","message":"m","stepIndex":-5}""")]
    public void A_bad_line_is_named_with_what_is_wrong(string expected, params string[] lines)
    {
        byte[] file = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => (line == "M" ? Mapping : line) + "\n")));

        Assert.StartsWith(expected, Assert.Throws<HistoryFormatException>(() => HistoryReader.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_is_read_again_may_be_told_of_again() =>
        Assert.Equal(3, HistoryReader.Read(Encoding.UTF8.GetBytes($"{Header}\n{Mapping}\n{Arrival(5)}\n{Arrival(6)}\n{Arrival(5)}\n")).Mappings[0].Steps.Count);

    [Fact]
    public void A_byte_order_mark_before_the_header_is_passed_over() =>
        Assert.Single(HistoryReader.Read(Encoding.UTF8.GetBytes($"\ufeff{Header}\n{Mapping}\n")).Mappings);

    [Fact]
    public void A_line_without_an_end_that_is_whole_and_wrong_is_not_torn() =>
        Assert.Throws<HistoryFormatException>(() => HistoryReader.Read(Encoding.UTF8.GetBytes($"{Header}\n{Mapping}\n{{\"step\":\"Exploded\"}}")));

    [Fact]
    public void Members_that_a_newer_version_wrote_are_passed_over_and_told_once()
    {
        string step = """{"step":"ShardClosed","time":"2026-01-01T00:00:00Z","shard":"s","mood":"good"}""";

        History read = HistoryReader.Read(Encoding.UTF8.GetBytes($"{Header}\n{Mapping}\n{step}\n{step}\n"));

        Assert.Equal(2, read.Mappings[0].Steps.Count);
        Assert.StartsWith("\"mood\" (first in line 3) is not known to this version", Assert.Single(read.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_several_mappings_may_alternate()
    {
        string other = Mapping.Replace("\"mapping\":0", "\"mapping\":1", StringComparison.Ordinal);
        string step = """{"step":"ShardClosed","time":"2026-01-01T00:00:00Z","shard":"a"}""";
        string otherStep = """{"step":"ShardClosed","time":"2026-01-01T00:00:00Z","shard":"b","of":1}""";

        History read = HistoryReader.Read(Encoding.UTF8.GetBytes(string.Join('\n', Header, Mapping, step, other, otherStep, step)));

        Assert.Equal(["aa", "b"], read.Mappings.Select(mapping => string.Concat(mapping.Steps.Select(happened => happened.ShardId))));
    }

    private static string LineOf(int index, History history) => Encoding.UTF8.GetString(HistoryWriter.Write(history)).Split('\n')[index];

    private static string Arrival(int number) =>
        $$"""{"step":"RecordArrived","time":"2026-01-01T00:00:00Z","shard":"s","sequenceNumber":"{{number}}","key":"k","arrivalMs":0,"data":""}""";
}
