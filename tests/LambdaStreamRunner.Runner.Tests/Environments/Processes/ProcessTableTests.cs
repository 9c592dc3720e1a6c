using System.Text;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

public sealed class ProcessTableTests
{
    private const string Rest = "1 42 7 0 -1 4194560 95 0 0 0 1 2 0 0 20 0 1 0 123456 2654208 25 18446744073709551615 1 1 0 0 0";

    [Theory]
    [InlineData("sh")]
    [InlineData("a) Z 1 (b")]
    [InlineData("")]
    public void A_name_may_hold_anything(string name) =>
        Assert.Equal(
            new RunningProcess(42, Started: 123456, Parent: 1, Group: 42, Session: 7, ResidentBytes: 25 * Environment.SystemPageSize),
            ProcessTable.Parse(42, Encoding.UTF8.GetBytes($"42 ({name}) S {Rest}")));

    [Fact]
    public void What_has_ended_and_waits_to_be_collected_does_not_count() =>
        Assert.Null(ProcessTable.Parse(42, Encoding.UTF8.GetBytes($"42 (sh) Z {Rest}")));

    [Fact]
    public void This_process_is_in_it()
    {
        RunningProcess self = Assert.Single(ProcessTable.Read(), process => process.Id == Environment.ProcessId);
        Assert.InRange(self.ResidentBytes, 1_000_000, long.MaxValue);
    }

    [Fact]
    public void A_mark_is_found_among_variables() =>
        Assert.Equal("7-ab-1", ProcessMarks.Find(Encoding.UTF8.GetBytes("PATH=/bin\0LAMBDA_STREAM_RUNNER_ENVIRONMENT=7-ab-1\0HOME=/\0")));
}
