using LambdaStreamRunner.Testing.CodeFixes;

namespace LambdaStreamRunner.Testing.Analyzers.Tests;

/// <summary>LSR0004.</summary>
public class ParallelRecordsTests : RuleTests<ParallelRecordsAnalyzer, InTurnFix>
{
    [Theory]
    [InlineData("[|Parallel.ForEach(kinesisEvent.Records, record => Apply(record))|];", "Apply(record);")]
    [InlineData("[|Parallel.ForEach(kinesisEvent.Records, Apply)|];", "Apply(record);")]
    [InlineData("await [|Parallel.ForEachAsync(kinesisEvent.Records, async (record, stop) => await ApplyAsync(record))|];", "await ApplyAsync(record);")]
    [InlineData("await [|Task.WhenAll(kinesisEvent.Records.Select(record => ApplyAsync(record)))|];", "await ApplyAsync(record);")]
    [InlineData("await [|Task.WhenAll(kinesisEvent.Records.Select(async record => await ApplyAsync(record)))|];", "await ApplyAsync(record);")]
    [InlineData("await [|Task.WhenAll(kinesisEvent.Records.Select(ApplyAsync))|];", "await ApplyAsync(record);")]
    public Task Records_are_taken_in_turn(string sideBySide, string each)
    {
        string inTurn = $$"""
            foreach (var record in kinesisEvent.Records)
                    {
                        {{each}}
                    }
            """;
        return FixesAsync(InHandler(sideBySide), InHandler(inTurn));
    }

    [Theory]
    [InlineData("[|Parallel.ForEach({0}, record => Apply(record))|];", "Parallel.ForEach({1}, recordsOfKey =>", "Apply(record);", "});")]
    [InlineData("await [|Parallel.ForEachAsync({0}, async (record, stop) => await Task.Delay(1, stop))|];", "await Parallel.ForEachAsync({1}, async (recordsOfKey, stop) =>", "await Task.Delay(1, stop);", "});")]
    [InlineData("await [|Task.WhenAll({0}.Select(record => ApplyAsync(record)))|];", "await Task.WhenAll({1}.Select(async recordsOfKey =>", "await ApplyAsync(record);", "}));")]
    [InlineData("await [|Task.WhenAll({0}.Select(ApplyAsync))|];", "await Task.WhenAll({1}.Select(async recordsOfKey =>", "await ApplyAsync(record);", "}));")]
    public Task Keys_are_taken_side_by_side_and_their_records_in_turn(string sideBySide, string begin, string each, string end)
    {
        string Filled(string text) => text.Replace("{0}", "kinesisEvent.Records", StringComparison.Ordinal)
            .Replace("{1}", "kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey)", StringComparison.Ordinal);
        string byKey = $$"""
            {{Filled(begin)}}
                    {
                        foreach (var record in recordsOfKey)
                        {
                            {{each}}
                        }
                    {{end}}
            """;
        return FixesAsync(InHandler(Filled(sideBySide)), InHandler(byKey), title: "Take keys side by side, and the records of each in turn");
    }

    [Fact]
    public Task A_return_goes_on_with_the_next_record() => FixesAsync(
        InHandler("""
            await [|Parallel.ForEachAsync(kinesisEvent.Records, async (record, _) =>
                    {
                        if (record.Kinesis.PartitionKey == "")
                            return;

                        await ApplyAsync(record); // the rest
                    })|];
            """),
        InHandler("""
            foreach (var record in kinesisEvent.Records)
                    {
                        if (record.Kinesis.PartitionKey == "")
                            continue;

                        await ApplyAsync(record); // the rest
                    }
            """));

    [Theory]
    [InlineData("await [|Parallel.ForEachAsync(new KinesisEvent().Records, async (record, stop) => { for (; ; ) return; })|];")]
    [InlineData("[|Parallel.For(0, kinesisEvent.Records.Count, i => Apply(kinesisEvent.Records[i]))|];")]
    [InlineData("[|kinesisEvent.Records.AsParallel()|].ForAll(Apply);")]
    [InlineData("var work = kinesisEvent.Records.Select(ApplyAsync).ToList(); await [|Task.WhenAll(work)|];")]
    [InlineData("Task[] work = [.. kinesisEvent.Records.Select(ApplyAsync)]; await [|Task.WhenAll(work)|];")]
    [InlineData("List<Task> work = []; foreach (var record in kinesisEvent.Records) { [|work.Add(ApplyAsync(record))|]; } await Task.WhenAll(work);")]
    [InlineData("List<Task> work = []; foreach (var record in kinesisEvent.Records) { [|work.Add(ApplyAsync(record))|]; await Task.WhenAny(work); }")]
    [InlineData("var some = kinesisEvent.Records.Where(record => record.Kinesis.PartitionKey != \"\"); var done = [|Task.WhenAll(some.Select(record => record).Select((record, _) => ApplyAsync(record)).ToList())|]; await done;")]
    public Task What_is_no_plain_loop_is_flagged_and_left(string sideBySide) => FlagsWithoutFixAsync(InHandler(sideBySide));

    [Theory]
    [InlineData("await [|Task.WhenAll(kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey).SelectMany(key => key).Select(ApplyAsync))|];")]
    [InlineData("await [|Task.WhenAll(kinesisEvent.Records.Distinct().Select(ApplyAsync))|];")]
    public Task Groups_that_are_flattened_and_records_told_apart_are_records(string sideBySide) => FlagsAsync(InHandler(sideBySide));

    [Fact]
    public Task What_is_made_of_records_is_in_their_order_too() => FlagsAsync(InHandler(
        "var keys = kinesisEvent.Records.Select(record => record.Kinesis.PartitionKey); [|Parallel.ForEach(keys, key => { })|];"));

    [Theory]
    [InlineData("foreach (var record in kinesisEvent.Records) await ApplyAsync(record);")]
    [InlineData("foreach (Task work in kinesisEvent.Records.Select(ApplyAsync)) await work;")]
    [InlineData("Parallel.ForEach(kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey), key => { foreach (var record in key) Apply(record); });")]
    [InlineData("await Task.WhenAll(kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey).Select(async key => { foreach (var record in key) await ApplyAsync(record); }));")]
    [InlineData("Parallel.ForEach(new[] { 1, 2 }, number => { });")]
    [InlineData("await Task.WhenAll(new[] { 1, 2 }.Select(number => Task.Delay(number)));")]
    [InlineData("List<object> kept = []; foreach (var record in kinesisEvent.Records) kept.Add(record);")]
    [InlineData("await Task.WhenAll(kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey).Select(key => key.ToList()).Select(ManyAsync));")]
    [InlineData("await Task.WhenAll(kinesisEvent.Records.GroupBy(record => record.Kinesis.PartitionKey).ToDictionary(key => key.Key, key => key.ToList()).Select(key => ManyAsync(key.Value)));")]
    [InlineData("await Task.WhenAll(kinesisEvent.Records.ToLookup(record => record.Kinesis.PartitionKey).Select(ManyAsync));")]
    [InlineData("await Parallel.ForEachAsync(kinesisEvent.Records.Select(record => record.Kinesis.PartitionKey).Distinct(), async (key, stop) => await Task.Yield());")]
    [InlineData("await Task.WhenAll(kinesisEvent.Records.DistinctBy(record => record.Kinesis.PartitionKey).Select(ApplyAsync));")]
    [InlineData("foreach (var record in kinesisEvent.Records) { var two = new List<Task>(); two.Add(ApplyAsync(record)); two.Add(ApplyAsync(record)); await Task.WhenAll(two); }")]
    [InlineData("List<Task> done = []; foreach (var record in kinesisEvent.Records) { done.Add(ApplyAsync(record)); await done[^1]; }")]
    public Task Order_per_key_that_is_kept_is_fine(string inOrder) => FlagsAsync(InHandler(inOrder));

    [Fact]
    public Task The_orders_of_a_plain_handler_are_records_too() => FlagsAsync(
        """
        public class Orders
        {
            public Task HandleAsync(List<string> orders, ILambdaContext context)
            {
                string[] other = ["a"];
                Parallel.ForEach(other, _ => { });
                return [|Task.WhenAll(orders.Where(order => order != "").Select(order => Task.CompletedTask))|];
            }
        }
        """);

    [Fact]
    public Task Tests_may_do_what_they_like_with_records() => FlagsAsync(
        """
        public class OrderTests
        {
            [Xunit.Fact]
            public void Proof() => Parallel.ForEach(new KinesisEvent().Records, _ => { });
        }
        """,
        Project.OfTests);

    private static string InHandler(string statement) => $$"""
        public class Orders
        {
            public async Task HandleAsync(KinesisEvent kinesisEvent, ILambdaContext context)
            {
                {{statement}}
            }
            private static void Apply(KinesisEvent.KinesisEventRecord record) { }
            private static Task ManyAsync(IEnumerable<KinesisEvent.KinesisEventRecord> records) => Task.CompletedTask;
            private static Task ApplyAsync(KinesisEvent.KinesisEventRecord record) => Task.CompletedTask;
        }
        """;
}
