using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Filtering;
using LambdaStreamRunner.Simulation;

namespace LambdaStreamRunner.Scenarios;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html</summary>
public class Filtering
{
    private const string Wanted = """{"w":1}""";
    private const string Unwanted = """{"w":0}""";

    [Theory, BothLanePolicies]
    public void S_24_records_that_no_filter_wants_do_not_count_into_a_batch(LanePolicy policy)
    {
        EventSourceMapping mapping = WantedOnly(policy, batchSize: 10) with { MaximumBatchingWindow = TimeSpan.FromSeconds(10) };
        ScenarioRun run = Scenario.Of(mapping).Data(at: 1, age: 0, Wanted).Data(at: 2, age: 0, [.. Enumerable.Repeat(Unwanted, 50)]).Run();

        Assert.Equal("[1]", run.Invocations);
        Assert.Equal("10", run.Starts);
        Assert.Equal((51L, 50L), (run.Counters.RecordsRead, run.Counters.RecordsFiltered));
    }

    [Theory, BothLanePolicies]
    public void S_75_two_mappings_of_a_stream_share_it_out(LanePolicy policy)
    {
        EventSourceMapping Of(string function) => Mapping(policy, $$$"""{"data":{"event_type":["{{{function}}}"]}}""");
        ScenarioRun RunOf(string function) =>
            Scenario.Of(Of(function)).Data("""{"event_type":"function_1"}""", """{"event_type":"function_2"}""").Run();

        Assert.Equal("[1]", RunOf("function_1").Invocations);
        Assert.Equal("[2]", RunOf("function_2").Invocations);
    }

    [Theory, BothLanePolicies]
    public void S_76_filtered_records_move_the_checkpoint(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(WantedOnly(policy, batchSize: 10)).Data([.. Enumerable.Repeat(Unwanted, 99), Wanted]).Run();

        Assert.Equal("[100]", run.Invocations);
        Assert.Equal(100, run.Checkpoint);
        Assert.Equal(99, run.Counters.RecordsFiltered);
    }

    [Theory, BothLanePolicies]
    public void S_76_also_when_nothing_else_is_read(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(WantedOnly(policy)).Data([.. Enumerable.Repeat(Unwanted, 20)]).Run();

        Assert.Empty(run.Calls);
        Assert.Equal("20@0", run.Checkpoints);
    }

    [Theory, BothLanePolicies]
    public void S_77_data_that_is_no_JSON_is_dropped_in_silence_even_when_it_is_too_old(LanePolicy policy)
    {
        EventSourceMapping mapping = WantedOnly(policy) with { MaximumRecordAge = TimeSpan.FromSeconds(60), MaximumRetryAttempts = 0 };
        ScenarioRun run = Scenario.Of(mapping).Data(at: 0, age: 80, "no JSON", Wanted).Data("no JSON", Wanted).Run();

        Assert.Equal("[4]", run.Invocations);
        Assert.Equal(["RecordAgeExceeded [2] batchSize 1, count 1, no response"], run.Discards);
        Assert.Equal(4, run.Checkpoint);
        Assert.Equal(2, run.Counters.RecordsFiltered);
    }

    [Theory, BothLanePolicies]
    public void S_78_numbers_are_compared_as_numbers(LanePolicy policy) => Assert.Equal(
        "[2-3]", Passing(Mapping(policy, """{"data":{"t":[{"numeric":[">",10,"<=",20]}]}}"""), """{"t":10}""", """{"t":10.5}""", """{"t":20}""", """{"t":20.1}""", """{"t":"15"}"""));

    [Theory, BothLanePolicies]
    public void S_79_numbers_are_equal_when_they_are_written_alike(LanePolicy policy) => Assert.Equal(
        "[1]", Passing(Mapping(policy, """{"data":{"n":[300]}}"""), """{"n":300}""", """{"n":300.0}""", """{"n":3e2}"""));

    [Theory, BothLanePolicies]
    public void S_80_a_field_that_is_null_exists(LanePolicy policy) => Assert.Equal(
        "[1]", Passing(Mapping(policy, """{"data":{"f":[{"exists":false}]}}"""), """{"g":1}""", """{"f":null}"""));

    [Theory, BothLanePolicies]
    public void S_81_a_record_that_two_filters_want_is_delivered_once(LanePolicy policy) => Assert.Equal(
        "[1-3]",
        Passing(Mapping(policy, """{"data":{"a":[1]}}""", """{"data":{"b":[2]}}"""), """{"a":1}""", """{"b":2}""", """{"a":1,"b":2}""", """{"c":3}"""));

    [Theory, BothLanePolicies]
    public void S_82_data_is_delivered_byte_for_byte(LanePolicy policy)
    {
        const string Odd = "{  \"w\" :\t1, \"more\":\"\\u00e9\" }\n";
        ScenarioRun run = Scenario.Of(WantedOnly(policy)).Data(Odd).Run();

        Assert.Equal(Odd, System.Text.Encoding.UTF8.GetString(Assert.Single(Assert.Single(run.Calls).Records.ToArray()).Data.Span));
    }

    [Theory, BothLanePolicies]
    public void S_117_the_checkpoint_passes_filtered_records_with_what_succeeded_around_them(LanePolicy policy)
    {
        EventSourceMapping mapping = WantedOnly(policy) with { FunctionResponseTypes = [FunctionResponseType.ReportBatchItemFailures] };
        ScenarioRun run = Scenario.Of(mapping)
            .Data(Wanted, Wanted, Unwanted, Unwanted, Wanted, Wanted, Wanted, Wanted, Wanted, Wanted).Reports(5).RunUntil(3_600);

        Assert.Matches(@"^\[1-2,5-10\]✗ \[5-10\]✗×\d+$", run.Invocations);
        Assert.Equal("0@0 4@0", run.Checkpoints);
        Assert.Equal((10L, 2L), (run.Counters.RecordsRead, run.Counters.RecordsFiltered));
        Assert.Empty(run.Discards);
    }

    [Theory, BothLanePolicies]
    public void A_poll_whose_records_are_all_filtered_does_not_restart_the_window(LanePolicy policy)
    {
        EventSourceMapping mapping = WantedOnly(policy) with { MaximumBatchingWindow = TimeSpan.FromSeconds(5) };
        ScenarioRun run = Scenario.Of(mapping).Data(at: 1, age: 0, Wanted).Data(at: 4, age: 0, Unwanted).Data(at: 8, age: 0, Unwanted).Data(at: 11, age: 0, Wanted).Run();

        Assert.Equal("[1] [4]", run.Invocations);
        Assert.Equal("5 11", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void A_closed_shard_with_nothing_but_filtered_records_is_done(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(WantedOnly(policy)).Data(Unwanted, Unwanted).ShardsClose(at: 3).Run();

        Assert.Equal("ShardEnd@3", run.Closings);
        Assert.Equal(2, run.Checkpoint);
    }

    [Theory, BothLanePolicies]
    public void A_filtered_record_of_a_later_window_closes_the_open_one_and_opens_none(LanePolicy policy)
    {
        ScenarioRun run = Scenario.Of(WantedOnly(policy) with { TumblingWindow = TimeSpan.FromSeconds(10) })
            .Data(at: 13, age: 0, Wanted).Data(at: 17, age: 0, Unwanted).Data(at: 23, age: 0, Unwanted).Data(at: 45, age: 0, Wanted).RunUntil(46);

        Assert.Equal(["[1] 10-20 {}", "[] 10-20 {\"n\":1} final", "[4] 40-50 {}"], run.WindowCalls);
        Assert.Equal("13 23 45", run.Starts);
    }

    [Theory, BothLanePolicies]
    public void Filtered_records_of_a_lane_that_is_behind_count_once(LanePolicy policy)
    {
        // More than the read-ahead holds, while the function is busy: most of it is read again.
        string[] data = [.. Enumerable.Range(0, 30_000).Select(n => n % 3 == 0 ? Wanted : Unwanted)];
        ScenarioRun run = Scenario.Of(WantedOnly(policy, batchSize: 1_000) with { ParallelizationFactor = 3 }).Data(data).Takes(1).Run();

        Assert.Equal(10_000, run.Calls.Sum(call => call.Records.Length));
        Assert.Equal(20_000, run.Counters.RecordsFiltered);
        Assert.Equal(20_000, run.Loop.History.Steps.OfType<HistoryStep.Filtered>().Sum(step => step.Records.Length));
        Assert.Equal(30_000, run.Checkpoint);
    }

    private static string Passing(EventSourceMapping mapping, params string[] data) => Scenario.Of(mapping).Data(data).Run().Invocations;

    private static EventSourceMapping WantedOnly(LanePolicy policy, int batchSize = 100) =>
        Mapping(policy, """{"data":{"w":[1]}}""") with { BatchSize = batchSize };

    private static EventSourceMapping Mapping(LanePolicy policy, params string[] patterns) =>
        new() { LanePolicy = policy, FilterCriteria = FilterCriteria.Parse(patterns) };
}
