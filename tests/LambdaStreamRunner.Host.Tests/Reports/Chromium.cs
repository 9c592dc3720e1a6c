using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Host.Tests.Reports;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Simulation.Tuning;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace LambdaStreamRunner.Host.Tests.Reports;

/// <summary>The system's Chromium, started once for all tests of pages. Without it they are skipped; in CI (variable CI is true) that is a failure.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    // Without these it looks for hosts of its own at every start, and a sandbox needs rights that a container does not give.
    private static readonly string[] Arguments =
        ["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Workspace _pages = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens the page of a search from a file.</summary>
    internal async Task<ReportTab> OpenAsync(TuningResult result, Verification? verification = null, ReportOrigin? origin = null, BrowserNewPageOptions? options = null)
    {
        IPage page = await (await BrowserAsync()).NewPageAsync(options ?? new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1280, Height = 900 } });
        string file = _pages.Write($"{Guid.NewGuid():N}.html", TuningReport.ToHtml(result, verification, origin ?? Some.Origin));
        return await ReportTab.OpenAsync(page, new Uri(file));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        _pages.Dispose();
        _gate.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        if (!File.Exists(Executable))
        {
            string reason = $"{Executable} is not installed (apt-get install chromium).";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
            Assert.Skip(reason);
        }
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = Arguments });
        }
        finally
        {
            _gate.Release();
        }
    }
}
