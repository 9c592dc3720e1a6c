using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Simulation.Modelling;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Host.Tests.Measuring;

public class HandlerMeasuringTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_function_is_measured_at_every_batch_size_and_fitted()
    {
        var function = new PacedFunction(_time, records => 20 + records.Count) { ColdStart = 300 };

        MeasuringResult measured = await MeasureAsync(function, new MeasuringPlan { Concurrencies = [1] });

        Assert.Equal([1, 2, 5, 10, 25, 50, 100, 250, 500, 1000], measured.Fit.Sizes.Select(size => size.Records));
        Assert.Equal("20ms + 1ms/record", HandlerModelExpression.Write(measured.Fit.Model));
        Assert.Equal(TimeSpan.FromMilliseconds(300), measured.Fit.Model.ColdStarts[0]);
        Assert.Empty(measured.Notes);
        Assert.True(measured.IsComplete);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(1)]
    [InlineData(40)]
    public async Task The_budget_is_kept_however_slow_the_function_is(double millisecondsPerRecord)
    {
        var function = new PacedFunction(_time, records => 1 + (millisecondsPerRecord * records.Count)) { ColdStart = 100 };

        MeasuringResult measured = await MeasureAsync(function, new MeasuringPlan { Concurrencies = [1] });

        Assert.InRange(measured.Took, TimeSpan.Zero, TimeSpan.FromSeconds(36));
        Assert.InRange(measured.Fit.Model.PerRecord.TotalMilliseconds, 0.99 * millisecondsPerRecord, 1.01 * millisecondsPerRecord);
    }

    [Fact]
    public async Task What_is_known_well_enough_is_not_measured_on()
    {
        MeasuringResult measured = await MeasureAsync(new PacedFunction(_time, records => 1), new MeasuringPlan { BatchSizes = [1, 10], Concurrencies = [1] });

        Assert.InRange(measured.Took, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Batches_that_would_take_too_long_are_left_out_with_a_word()
    {
        MeasuringResult measured = await MeasureAsync(new PacedFunction(_time, records => 100 * records.Count), new MeasuringPlan { Concurrencies = [1] });

        Assert.Equal(25, measured.Fit.Sizes[^1].Records);
        Assert.Contains(measured.Notes, note => note.StartsWith("Batches of 50 and more are left out: one took 5 s, too long for the budget", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Batches_that_run_into_the_Timeout_are_left_out_with_a_word()
    {
        MeasuringResult measured = await MeasureAsync(
            new PacedFunction(_time, records => 10 * records.Count) { Timeout = TimeSpan.FromSeconds(1.5) }, new MeasuringPlan { Concurrencies = [1] });

        Assert.Equal(100, measured.Fit.Sizes[^1].Records);
        Assert.Contains(measured.Notes, note => note.Contains("Batches of 250 and more are left out: one took 1.5 s, and ran into the function's Timeout", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Batches_that_pass_6_MB_are_left_out_with_a_word()
    {
        SampleRecords samples = Samples([.. Enumerable.Range(0, 10).Select(_ => new string('x', 10_000))]);

        MeasuringResult measured = await MeasureAsync(new PacedFunction(_time, records => 10 * records.Count), new MeasuringPlan { BatchSizes = [1, 250, 500, 1000], Concurrencies = [1] }, samples);

        Assert.Equal(250, measured.Fit.Sizes[^1].Records);
        Assert.Contains("Batches of 500 and more are left out: their event would have 6.9 MB, and Lambda takes 6 MB.", measured.Notes);
    }

    [Fact]
    public async Task Records_that_make_it_fail_are_found_and_left_out()
    {
        SampleRecords samples = Samples([.. Enumerable.Range(1, 500).Select(n => n is 42 or 317 ? $"bad {n}" : $"good {n}")]);
        var function = new PacedFunction(_time, _ => 1) { FailureOf = records => records.FirstOrDefault(record => record.StartsWith("bad", StringComparison.Ordinal)) };

        MeasuringResult measured = await MeasureAsync(function, new MeasuringPlan { Concurrencies = [1], BatchSizes = [1, 100] }, samples);

        Assert.Equal((2, "line 42: FormatException: bad 42"), (measured.Failing, measured.FirstFailure));
        Assert.Equal(498, measured.Samples!.Records.Length);
        Assert.Empty(measured.Notes);
    }

    [Fact]
    public async Task Records_that_it_reports_are_left_out_and_those_before_them_do_not_come_twice()
    {
        SampleRecords samples = Samples([.. Enumerable.Range(1, 100).Select(n => n is 7 or 50 ? $"bad {n}" : $"good {n}")]);
        var function = new PacedFunction(_time, _ => 1) { AnswerOf = Report };

        ScreenedRecords screened = await new RecordScreening(function, samples, _time).RunAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal((98, 2), (screened.Good.Records.Length, screened.Failing));
        Assert.Equal([100, 93, 50], function.Calls.Select(call => call.Count));

        static string Report(IReadOnlyList<(string Data, string SequenceNumber)> records) =>
            records.FirstOrDefault(record => record.Data.StartsWith("bad", StringComparison.Ordinal)) is { SequenceNumber: { } number }
                ? $$"""{"batchItemFailures":[{"itemIdentifier":"{{number}}"}]}"""
                : """{"batchItemFailures":[]}""";
    }

    [Fact]
    public async Task The_file_of_a_measurement_keeps_how_many_records_fail()
    {
        SampleRecord[] samples = [.. Enumerable.Range(0, 50).Select(n => new SampleRecord("key", System.Text.Encoding.UTF8.GetBytes(n == 20 ? "bad" : "good"), null))];
        var function = new PacedFunction(_time, _ => 5) { FailureOf = records => records.Contains("bad") ? "That one." : null };

        MeasuringResult measured = await new HandlerMeasuring(function, new SampleRecords([.. samples], "fifty", AreGenerated: false), new MeasuringPlan(), _time)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new FailingRecords(1, 50), HandlerModelFile.Read(HandlerModelFile.Write(measured.Fit.Model, curve: null, measured), out _)!.Failing);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0.15, "one thread gets 15 % of a processor")]
    public void A_machine_that_others_keep_busy_is_told(double share, string? told) => Assert.Equal(told is not null, ProcessorShare.RemarkOn(share)?.Contains(told!, StringComparison.Ordinal) ?? false);

    [Fact]
    public async Task A_function_that_always_fails_is_told_with_its_exception()
    {
        var function = new PacedFunction(_time, _ => 1) { FailureOf = _ => "The table does not exist." };

        HandlerFailsException fails = await Assert.ThrowsAsync<HandlerFailsException>(() => MeasureAsync(function, new MeasuringPlan()));

        Assert.Contains("Function 'Paced' fails at every record it was given (20 of ", fails.Message, StringComparison.Ordinal);
        Assert.Contains("FormatException: The table does not exist.", fails.Message, StringComparison.Ordinal);
        Assert.InRange(function.Calls.Count, 20, 60);
    }

    [Fact]
    public async Task A_function_that_takes_each_record_once_only_is_told_too()
    {
        HashSet<string> seen = [];
        var function = new PacedFunction(_time, _ => 1)
        {
            FailureOf = records => records.All(seen.Add) ? null : "That order is placed already.",
        };

        HandlerFailsException fails = await Assert.ThrowsAsync<HandlerFailsException>(
            () => MeasureAsync(function, new MeasuringPlan { Budget = TimeSpan.FromSeconds(2) }, Samples([.. Enumerable.Range(1, 300).Select(n => $"order {n}")])));

        Assert.Contains("took each record once and fails when they come again", fails.Message, StringComparison.Ordinal);
        Assert.Contains("That order is placed already.", fails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_gives_what_was_measured_until_then()
    {
        using var interruption = new CancellationTokenSource();
        int calls = 0;
        var function = new PacedFunction(_time, records =>
        {
            if (++calls == 200)
                interruption.Cancel();
            return 10 + records.Count;
        });

        MeasuringResult measured = await new HandlerMeasuring(function, SampleRecords.Generate(), new MeasuringPlan { Concurrencies = [1] }, _time).RunAsync(interruption.Token);

        Assert.False(measured.IsComplete);
        Assert.NotEmpty(measured.Fit.Sizes);
        Assert.Equal(0, measured.Fit.Error.Worst);
        Assert.Contains("It was interrupted: this is what had been measured until then.", measured.Notes);
    }

    /// <summary>Real time: only a real semaphore makes invocations wait for each other.</summary>
    [Fact]
    public async Task A_function_that_waits_for_itself_is_as_slow_as_its_queue_is_long()
    {
        await using LoadedFunction function = await OddFunction.LoadAsync("Paced::Contend");
        var plan = new MeasuringPlan { BatchSizes = [1, 20], Concurrencies = [1, 4], Budget = TimeSpan.FromSeconds(2), ColdStarts = 2 };

        MeasuringResult measured = await new HandlerMeasuring(function, SampleRecords.Generate(), plan, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);

        Assert.InRange(measured.Fit.Model.SlowDowns[^1].Factor, 3, 6);
        Assert.Equal(2, measured.Fit.Model.ColdStarts.Length);
        Assert.All(measured.Fit.Model.ColdStarts, cold => Assert.True(cold > TimeSpan.Zero));
    }

    private Task<MeasuringResult> MeasureAsync(IMeasuredFunction function, MeasuringPlan plan, SampleRecords? samples = null) =>
        new HandlerMeasuring(function, samples ?? SampleRecords.Generate(), plan, _time).RunAsync(TestContext.Current.CancellationToken);

    private static SampleRecords Samples(string[] payloads) => new(
        [.. payloads.Select((payload, index) => new SampleRecord("key", System.Text.Encoding.UTF8.GetBytes(payload), index + 1))], $"{payloads.Length} records of a test", AreGenerated: false);
}
