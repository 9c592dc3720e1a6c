using System.Text.Json;
using LambdaStreamRunner.Host.Tests.Verbs;
using Microsoft.Playwright;

namespace LambdaStreamRunner.Host.Tests.Reports;

/// <summary>A report in a browser, and what went wrong in it.</summary>
internal sealed class ReportTab : IAsyncDisposable
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private ReportTab(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Messages of the console, uncaught errors; what the policy refuses is among them.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>What the page asked for besides itself; it got none of it.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public static async Task<ReportTab> OpenAsync(IPage page, Uri file)
    {
        var tab = new ReportTab(page);
        page.Console += (_, message) => tab._complaints.Add($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => tab._complaints.Add(error);
        await page.RouteAsync("**/*", route =>
        {
            if (route.Request.Url == file.AbsoluteUri)
                return route.ContinueAsync();
            tab._requests.Add(route.Request.Url);
            return route.AbortAsync();
        });
        page.SetDefaultTimeout((float)LambdaStream.Patience.TotalMilliseconds);
        await page.GotoAsync(file.AbsoluteUri);
        await page.Locator("html[data-drawn]").WaitForAsync();
        return tab;
    }

    /// <summary>Rows of the table of settings that are shown, by letter.</summary>
    public async Task<string[]> LettersAsync() => await Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#settings-table tbody tr')].map(row => row.dataset.setting)");

    /// <summary>Where a point of the picture is, in pixels of the window.</summary>
    public async Task<(float X, float Y)> PlaceOfAsync(double cost, double ageMs)
    {
        await Page.Locator("#pareto").ScrollIntoViewIfNeededAsync();
        float[] place = await Page.EvaluateAsync<float[]>("""
            ([cost, age]) => {
              const place = document.getElementById('pareto');
              const [x, y] = echarts.getInstanceByDom(place).convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [cost, age]);
              const box = place.getBoundingClientRect();
              return [box.left + x, box.top + y];
            }
            """, new[] { cost, ageMs });
        return (place[0], place[1]);
    }

    /// <summary>The point that is ringed as picked: its cost and age; null for none.</summary>
    public async Task<double[]?> PickedAsync()
    {
        JsonElement? picked = await Page.EvaluateAsync("echarts.getInstanceByDom(document.getElementById('pareto')).getOption().series.find(series => series.name === 'picked').data[0] ?? null");
        return picked is { ValueKind: JsonValueKind.Array } point ? [.. point.EnumerateArray().Select(number => number.GetDouble())] : null;
    }

    /// <summary>For each chart that was drawn, its name and how many different colours its pixels have.</summary>
    public async Task<Dictionary<string, int>> ColoursAsync() => await Page.EvaluateAsync<Dictionary<string, int>>("""
        Object.fromEntries([...document.querySelectorAll('.chart')].map(place => {
          const colours = new Set();
          for (const canvas of place.querySelectorAll('canvas')) {
            const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
            pixels.forEach(pixel => colours.add(pixel));
          }
          return [place.getAttribute('aria-label'), colours.size];
        }))
        """);

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
