namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>Bugs as they are made in life: each is found and made small, and the same handler without the bug always passes.</summary>
public class GalleryTests
{
    private const int RecordsOfCounterexampleMax = 4;

    private static readonly Exhibit[] All =
    [
        SwallowedException.Exhibit, WrongFailureKey.Exhibit, FireAndForget.Exhibit, ParallelLoop.Exhibit, ParallelLoop.WithTasks, DeduplicationByTime.Exhibit,
        StateInStatics.Exhibit, WrongItemReported.Exhibit, RetriesWithoutDestination.Exhibit, LostWindowState.Exhibit, NonIdempotentEffect.Exhibit,
        LatestAtStart.Exhibit, ClockMisuse.Exhibit,
    ];

    public static TheoryData<string> Names => [.. All.Select(exhibit => exhibit.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bug_is_caught_with_a_counterexample_of_few_records(string name)
    {
        Exhibit exhibit = All.Single(exhibit => exhibit.Name == name);

        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => exhibit.Buggy().Explore(exhibit.Schedules).RunAsync(exhibit.Name));

        Assert.Equal(exhibit.Breaks, failure.Promise);
        Assert.InRange(failure.Records.Count, 1, RecordsOfCounterexampleMax);
        Assert.Contains(exhibit.Breaks, failure.Message, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(failure.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_same_without_the_bug_passes_every_schedule(string name)
    {
        Exhibit exhibit = All.Single(exhibit => exhibit.Name == name);

        ExplorationResult result = await exhibit.Correct().Explore(exhibit.Schedules).RunAsync();

        Assert.True(result.Schedules >= exhibit.Schedules);
    }

    [Fact]
    public async Task A_parallel_loop_is_caught_every_time()
    {
        for (int time = 0; time < 10; time++)
        {
            StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(
                () => ParallelLoop.Exhibit.Buggy().Explore(ParallelLoop.Exhibit.Schedules).RunAsync());

            Assert.Equal(ParallelLoop.Exhibit.Breaks, failure.Promise);
        }
    }
}
