using LambdaStreamRunner.Runner.Telemetry;
using LambdaStreamRunner.StreamServer.Tests.Clients;

namespace LambdaStreamRunner.Runner.Tests.Environments.Faults;

/// <summary>Every fault of a function in a process costs an attempt at most, is told as Lambda tells it, and costs no record.</summary>
public sealed class FaultTests(FaultyRun run) : IClassFixture<FaultyRun>
{
    public static TheoryData<string> Names => [.. KnownFaults.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_costs_an_attempt_at_most_and_no_record(string name)
    {
        Fault fault = KnownFaults.ByName[name];
        FaultyRun.Outcome outcome = await OutcomeAsync();
        MappingSummary mapping = outcome.Summary.Mappings.Single(mapping => mapping.Function == name);
        string[] told = [.. outcome.Warnings.Where(warning => warning.StartsWith($"{mapping.Name} ", StringComparison.Ordinal))];

        int attempts = fault.Error is null ? 0 : 1;
        Assert.True(mapping is { Succeeded: FaultyRun.Records, Discarded: 0, Unsettled: 0 }, $"{mapping}\n{string.Join('\n', told)}");
        Assert.True(mapping.FailedInvocations == attempts && mapping.Retries == attempts && mapping.Throttles == 0, $"{mapping}\n{string.Join('\n', told)}");
        Assert.Equal((0L, 0L), (mapping.OrderViolations, mapping.ViolationCount));
        if (fault.Error is { Length: > 0 } error)
            Assert.Matches(error, Assert.Single(told));
    }

    [Fact]
    public async Task No_process_of_theirs_is_left() => Assert.Empty((await OutcomeAsync()).Left);

    private Task<FaultyRun.Outcome> OutcomeAsync()
    {
        ClientProcess.Require("/usr/bin/python3", "python3");
        ClientProcess.Require("/usr/bin/node", "nodejs");
        return run.OutcomeAsync();
    }
}
