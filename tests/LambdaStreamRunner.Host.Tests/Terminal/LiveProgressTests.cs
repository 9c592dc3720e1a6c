using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Runner.Telemetry;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace LambdaStreamRunner.Host.Tests.Terminal;

public sealed class LiveProgressTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _writer = new();
    private MappingProgress _progress = new("clicks → AccessLog") { Known = 10_000, InFlight = 4, IteratorAge = TimeSpan.FromMilliseconds(250) };

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Elsewhere_than_on_a_terminal_a_line_says_how_far_it_is()
    {
        Watch(seconds: 1);

        Assert.Equal(
            "clicks → AccessLog: 0 of 10,000 settled (0 %), 0/s, iterator age 250 ms, 4 in flight, 0 retries, 0 discarded",
            Assert.Single(Lines()));
    }

    [Fact]
    public void While_it_only_counts_on_a_line_comes_every_five_seconds_with_the_rate()
    {
        Watch(seconds: 11, eachSecond: () => _progress = _progress with { Settled = _progress.Settled + 100 });

        Assert.Equal(3, Lines().Length);
        Assert.Contains("100/s", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_standstill_is_repeated_rarely()
    {
        Watch(seconds: 40);

        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public void A_discard_is_news_and_comes_at_once()
    {
        int second = 0;
        Watch(seconds: 4, eachSecond: () => _progress = _progress with { Discarded = ++second >= 3 ? 1 : 0 });

        Assert.Equal(2, Lines().Length);
        Assert.EndsWith("1 discarded", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_waited_for_is_said()
    {
        _progress = _progress with { WaitsFor = "a batch window, 240 s left; --speed shortens it" };

        Watch(seconds: 1);

        Assert.EndsWith("; waits for a batch window, 240 s left; --speed shortens it", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_it_is_a_table()
    {
        IAnsiConsole console = TerminalConsole.On(_writer, isTerminal: false);
        var live = new LiveProgress(console, () => [_progress], _time);

        console.Write(live.TableOf([_progress with { Settled = 9_999, Retries = 3, WaitsFor = "[lane 3]" }]));

        string text = _writer.ToString();
        Assert.Contains("9,999 / 10,000", text, StringComparison.Ordinal);
        Assert.Contains("99 %", text, StringComparison.Ordinal);
        Assert.Contains("clicks → AccessLog waits for [lane 3]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_with_the_clock_until_it_is_told_to_stop()
    {
        using var stopping = new CancellationTokenSource();
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var live = new LiveProgress(TerminalConsole.On(_writer, isTerminal: false), Look, _time);

        Task running = live.RunAsync(stopping.Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        await looked.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(running.IsCompleted);
        await stopping.CancelAsync();
        await running;

        Assert.Single(Lines());

        IReadOnlyList<MappingProgress> Look()
        {
            looked.TrySetResult();
            return [_progress];
        }
    }

    private string[] Lines() => _writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Looks once per second, as the timer of a run does.</summary>
    private void Watch(int seconds, Action? eachSecond = null)
    {
        var live = new LiveProgress(TerminalConsole.On(_writer, isTerminal: false), () => [_progress], _time);
        for (int second = 0; second < seconds; second++)
        {
            eachSecond?.Invoke();
            _time.Advance(TimeSpan.FromSeconds(1));
            live.WriteNews();
        }
    }
}
