using CsCheck;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Mappings.Retrying;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Histories;

/// <summary>Whole pictures, as a person sees them.</summary>
public class TimeLineTests
{
    [Fact]
    public void A_counterexample_of_two_records_is_seen_at_a_glance()
    {
        ToldHistory history = new ToldHistory()
            .At(0).Creates().Begins(ShardPosition.TrimHorizon).Puts("A1 A2")
            .At(1).Starts(1, "A1")
            .At(1.9).Starts(2, "A2", lane: 1)
            .At(2.4).Succeeds(2)
            .At(4).Fails(1, "timeout 3s");

        Shows("""
              0.000  put    A#1 A#2          ·
              1.000  inv 1  [A#1]    lane 0         ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇✗ timeout 3s
              1.900  inv 2  [A#2]    lane 1                ▇▇▇▇✓ ok  <-- A#2 delivered while A#1 unsettled

            """, history, new TimeLineOptions { Notes = [new TimeLineNote(5, "A#2 delivered while A#1 unsettled")] });
    }

    [Fact]
    public void Retries_discards_checkpoints_and_effects_have_lines_of_their_own()
    {
        ToldHistory history = new ToldHistory()
            .At(0).Puts("A1 B2 A3")
            .At(0.1).Starts(1, "A1 B2 A3").Sets(1, "A", "1")
            .At(0.6).Ends(1, new BatchOutcome.PartlyFailed(1))
            .At(1.1).Starts(2, "B2 A3")
            .At(1.2).Fails(2, "System.InvalidOperationException: the order is not known to the shop, which is closed today")
            .At(2.2).Starts(2, "B2 A3", attempt: 2)
            .At(2.3).Ends(2, new BatchOutcome.Throttled("reserved concurrency"))
            .At(3.3).Starts(2, "B2 A3", attempt: 2)
            .At(3.5).Fails(2)
            .At(3.5).Discards("B2 A3").Delivers("B2 A3")
            .At(3.5).Saves(ShardPosition.After(ToldHistory.Number(3)))
            .At(4).Sets(1, "A", "2", isWithinInvocation: false)
            .At(5).IsDone(CloseReason.Stopped);

        Shows("""
              0.000  put     A#1 B#1 A#2              ·
              0.100  inv 1   [A#1 B#1 A#2]    lane 0  ▇▇✗ failed from B#1
              0.100  effect  A = 1                    * by inv 1
              1.100  inv 2   [B#1 A#2]        lane 0      ▇✗ System.InvalidOperationException: the order is no…
              2.200  inv 3   [B#1 A#2] try 2  lane 0           ⊘ throttled: reserved concurrency
              3.300  inv 4   [B#1 A#2] try 2  lane 0               ▇✗ boom
              3.500  drop    [B#1 A#2]                              · given up after 3 tries
              3.500  save                                           · after A#2
              4.000  effect  A = 2                                    * after the end of inv 1
              5.000  end                                                   · the mapping is stopped

            """, history);
    }

    [Fact]
    public void A_crash_cuts_what_ran_and_the_next_machine_begins_at_the_checkpoint()
    {
        ToldHistory history = new ToldHistory()
            .At(0).Puts("A1 A2")
            .At(0.5).Starts(1, "A1")
            .At(1).Succeeds(1).Saves(ShardPosition.At(ToldHistory.Number(2))).Starts(2, "A2")
            .At(1.5).Crashes()
            .At(10).Begins(ShardPosition.At(ToldHistory.Number(2)))
            .At(10.2).Starts(3, "A2");

        Shows("""
               0.000  put    A#1 A#2          ·
               0.500  inv 1  [A#1]    lane 0   ▇▇✓ ok
               1.000  save                       · at A#2
               1.000  inv 2  [A#2]    lane 0     ▇✗ lost in the crash
               1.500  crash                       ✗ what ran is lost
              10.000  begin                                                 · at A#2
              10.200  inv 3  [A#2]    lane 0                                 … runs on

            """, history);
    }

    [Fact]
    public void With_several_shards_each_line_names_its_own()
    {
        ToldHistory history = new ToldHistory()
            .At(0).Puts("A1").Starts(1, "A1")
            .At(1).Closes().Succeeds(1).IsDone(CloseReason.ShardEnd)
            .At(1, shard: 1).Creates("shardId-000000000000").Begins(ShardPosition.TrimHorizon)
            .At(1.5, shard: 1).Puts("B5 B6").Filters("B5")
            .At(2, shard: 1).Starts(2, "B6")
            .At(2.5, shard: 1).Succeeds(2);

        Shows("""
              0.000  put     A#1      shard 0         ·
              0.000  inv 1   [A#1]    shard 0 lane 0  ▇▇▇▇▇▇▇▇▇▇✓ ok
              1.000  shard            shard 0                   · closed: no more records come
              1.000  end              shard 0                   · the shard is done
              1.000  shard            shard 1                   · made of shard 0
              1.500  put     B#1 B#2  shard 1                         ·
              1.500  filter  [B#1]    shard 1                         · no filter wants it
              2.000  inv 2   [B#2]    shard 1 lane 0                       ▇▇▇▇▇▇✓ ok

            """, history);
    }

    [Fact]
    public void Long_batches_and_keys_are_shortened_and_no_line_is_wider_than_it_may_be()
    {
        string records = string.Join(' ', Enumerable.Range(1, 7).Select(n => $"A{n}").Append("B8")
            .Concat(Enumerable.Range(9, 91).Select(n => n % 2 == 0 ? $"C{n}" : $"D{n}")));
        ToldHistory history = new ToldHistory()
            .At(0).Puts(records).Starts(1, records, lane: 7)
            .At(900).Ends(1, new BatchOutcome.Failed(new string('x', 300) + "\n at Function"))
            .At(7200).Starts(1, records, lane: 7, attempt: 2);

        Shows("""
              0:00:00.000  put    A#1..A#7 B#1 D#1 C#1 D#2 C#2 D#3 C#3 +85              ·
              0:00:00.000  inv 1  [A#1..A#7 B#1 D#1 C#1 D#2 C#2 D#3 +86]        lane 7  ✗ xxxxxxxxxxxxxxxxxxxx…
                           <-- a long story a long story a long story a long story a long story a long story a
                               long story a long story a long story a long story a long story a long story
              2:00:00.000  inv 2  [A#1..A#7 B#1 D#1 C#1 D#2 C#2 D#3 +86] try 2  lane 7         … runs on

            """, history, new TimeLineOptions { Notes = [new TimeLineNote(99, string.Join(' ', Enumerable.Repeat("a long story", 12)))] });
    }

    [Fact]
    public void A_key_that_is_long_or_cannot_be_printed_keeps_its_place_and_its_ends()
    {
        ToldHistory history = new ToldHistory().Puts("customer-with-a-long-name-1 bell\a2 customer-with-a-long-name-3");

        Shows("""
              0.000  put  custome…-name-#1 bell?#1 +1  ·

            """, history);
    }

    [Fact]
    public void Of_many_lines_the_middle_is_left_out_but_not_what_is_noted()
    {
        var history = new ToldHistory();
        for (int n = 1; n <= 100; n++)
            history.At(n).Puts($"A{n}").Starts(n, $"A{n}").At(n + 0.5).Succeeds(n);

        Shows("""
               0.000  put      A#1              ·
               0.000  inv 1    [A#1]    lane 0  ✓ ok
               1.000  put      A#2              ·
               1.000  inv 2    [A#2]    lane 0  ✓ ok
               2.000  put      A#3              ·
                 ...  112 more
              58.000  inv 59   [A#59]   lane 0                    ✓ ok
              59.000  put      A#60                               ·
              59.000  inv 60   [A#60]   lane 0                    ✓ ok
              60.000  put      A#61                               ·
              60.000  inv 61   [A#61]   lane 0                    ✓ ok  <-- look here
                 ...  74 more
              98.000  put      A#99                                           ·
              98.000  inv 99   [A#99]   lane 0                                ✓ ok
              99.000  put      A#100                                          ·
              99.000  inv 100  [A#100]  lane 0                                ▇✓ ok

            """, history, new TimeLineOptions { LinesMax = 16, Notes = [new TimeLineNote((60 * 3) + 1, "look here")] });
    }

    [Fact]
    public void A_stretch_of_one_key_keeps_the_names_and_times_of_the_whole()
    {
        var history = new ToldHistory();
        for (int n = 1; n <= 10; n++)
            history.At(n).Puts($"{(n % 2 == 0 ? 'A' : 'B')}{n}").Starts(n, $"{(n % 2 == 0 ? 'A' : 'B')}{n}").At(n + 0.5).Succeeds(n);

        Shows("""
              3.000  put    A#2            ·
              3.000  inv 4  [A#2]  lane 0  ▇▇▇✓ ok
              5.000  put    A#3                         ·
              5.000  inv 6  [A#3]  lane 0               ▇▇▇▇✓ ok
              7.000  put    A#4                                       ·
              7.000  inv 8  [A#4]  lane 0                             ▇▇▇▇✓ ok

            """, history, new TimeLineOptions { Key = "A", From = Some.Time.AddSeconds(4), To = Some.Time.AddSeconds(8) });
    }

    [Fact]
    public void Whatever_happened_is_drawn_within_its_width_and_its_lines() =>
        Gen.Select(SomeHistory.Any, Gen.Int[60, 120], Gen.Int[3, 12]).Sample((history, width, lines) =>
        {
            foreach (MappingHistory mapping in history.Mappings)
            {
                string[] picture = TimeLine.Draw([.. mapping.Steps.OrderBy(step => step.Time)], new TimeLineOptions { Width = width, LinesMax = lines }).Split('\n');
                Assert.All(picture, line => Assert.True(line.Length <= Math.Max(width, 100), line));
                Assert.True(picture.Length <= lines + 1, string.Join('\n', picture));
            }
        });

    [Fact]
    public void A_clock_that_steps_back_within_an_invocation_draws_no_bar_beyond_its_column()
    {
        var history = new ToldHistory().At(0).Puts("A1").At(200_000_000_000).Starts(1, "A1").At(1).Succeeds(1);

        string picture = TimeLine.Draw(history.Steps, new TimeLineOptions());

        Assert.All(picture.Split('\n'), line => Assert.InRange(line.Length, 0, new TimeLineOptions().Width));
    }

    private static void Shows(string expected, ToldHistory history, TimeLineOptions? options = null)
    {
        string picture = TimeLine.Draw(history.Steps, options);

        Assert.True(expected == picture, picture);
        Assert.All(picture.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }
}
