using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

public sealed class EnvironmentWatchTests
{
    [Fact]
    public async Task A_look_that_fails_is_not_the_last()
    {
        int looks = 0;
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IReadOnlyList<RunningProcess> Table()
        {
            if (++looks == 1)
                throw new IOException("Too many open files in system : '/proc'");
            if (looks == 3)
                third.SetResult();
            return [];
        }
        using var host = new ProcessHost(TimeProvider.System, Confinement.Watched);
        await using Shell shell = await Shell.RunAsync(host, "exec sleep 1000");
        var watch = new EnvironmentWatch(TimeProvider.System, new ProcessMarks(), Table);

        watch.Add(shell.Process);

        await third.Task.WaitAsync(Patience.Token);
        watch.Remove(shell.Process);
    }
}
