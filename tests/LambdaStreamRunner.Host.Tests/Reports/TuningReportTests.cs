using LambdaStreamRunner.Host.Reports;
using LambdaStreamRunner.Simulation.Figures;
using LambdaStreamRunner.Simulation.Modelling;
using LambdaStreamRunner.Simulation.Tuning;
using Microsoft.Playwright;

namespace LambdaStreamRunner.Host.Tests.Reports;

public class TuningReportTests(Chromium chromium)
{
    private static readonly TuningResult Result = Some.Result();

    [Fact]
    public async Task The_page_draws_every_chart_without_a_complaint_and_asks_for_nothing()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result, Some.Verification(Result));

        Dictionary<string, int> colours = await tab.ColoursAsync();

        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
        Assert.Equal(6 + Result.Sensitivity.Length, colours.Count);
        Assert.All(colours, chart => Assert.True(chart.Value > 20, $"'{chart.Key}' has {chart.Value} colours: nothing is drawn in it."));
    }

    [Fact]
    public async Task Brushing_over_the_picture_leaves_those_settings_in_the_table_and_show_all_brings_the_others_back()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result);
        string[] all = await tab.LettersAsync();
        TunedPoint cheapest = Result.Frontier[0], dearest = Result.Frontier[^1];
        (float left, float top) = await tab.PlaceOfAsync(cheapest.Cost.Total, cheapest.IteratorAgeP99.Mean);
        (float right, float bottom) = await tab.PlaceOfAsync(dearest.Cost.Total, dearest.IteratorAgeP99.Mean);

        // From below the dearest one up to the middle of the picture: the cheap and old ones are outside.
        await tab.Page.Mouse.MoveAsync(right + 14, bottom + 14);
        await tab.Page.Mouse.DownAsync();
        await tab.Page.Mouse.MoveAsync((left + right) / 2, (top + bottom) / 2, new MouseMoveOptions { Steps = 8 });
        await tab.Page.Mouse.UpAsync();
        await Assertions.Expect(tab.Page.Locator("#settings-table tbody tr")).Not.ToHaveCountAsync(all.Length);
        string[] brushed = await tab.LettersAsync();

        Assert.Contains(all[^1], brushed);
        Assert.DoesNotContain("A", brushed);
        await tab.Page.ClickAsync("#show-all");
        Assert.Equal(all, await tab.LettersAsync());
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_click_on_a_row_rings_its_point_and_a_click_on_a_point_picks_its_row()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result);
        TunedPoint second = Result.Frontier[1], last = Result.Frontier[^1];

        await tab.Page.ClickAsync("#settings-table tr[data-setting=B]");
        double[]? ringed = await tab.PickedAsync();
        (float x, float y) = await tab.PlaceOfAsync(last.Cost.Total, last.IteratorAgeP99.Mean);
        await tab.Page.Mouse.ClickAsync(x, y);
        await tab.Page.Locator("#settings-table tr.is-picked").WaitForAsync();

        Assert.Equal(second.Cost.Total, ringed![0], 1e-5);
        Assert.Equal(second.IteratorAgeP99.Mean, ringed[1], 0.1);
        Assert.Equal((await tab.LettersAsync())[^1], await tab.Page.GetAttributeAsync("#settings-table tr.is-picked", "data-setting"));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_column_sorts_both_ways_and_the_keyboard_does_all_of_it()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result);
        string[] byCost = await tab.LettersAsync();

        await tab.Page.FocusAsync("#settings-table th:nth-child(6) button");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Keyboard.PressAsync("Enter");
        string[] dearestFirst = await tab.LettersAsync();
        await tab.Page.FocusAsync("#settings-table tbody tr");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.FillAsync("#cost-max", Result.Frontier[1].Cost.Total.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture));
        await tab.Page.FocusAsync("#tab-0");
        await tab.Page.Keyboard.PressAsync("ArrowRight");

        Assert.Equal(byCost.Reverse(), dearestFirst);
        Assert.NotNull(await tab.PickedAsync());
        Assert.Equal("snippet-1", await tab.Page.EvaluateAsync<string>("document.querySelector('.snippet:not([hidden])').id"));
        Assert.True((await tab.LettersAsync()).Length <= 2);
    }

    [Fact]
    public async Task Whatever_a_key_a_name_or_a_sentence_says_it_is_only_text()
    {
        TuningResult hostile = Result with
        {
            Advice = [Some.HostileKey, .. Result.Advice],
            Inputs = Result.Inputs with { Traffic = Some.HostileKey, Prices = Some.HostileKey },
            Pruned = [new PrunedSettings(Some.HostileKey, 1)],
        };
        ReportOrigin origin = Some.Origin with { CommandLine = Some.HostileKey, Stream = Some.HostileKey, Function = Some.HostileKey };

        await using ReportTab tab = await chromium.OpenAsync(hostile, Some.Verification(hostile), origin);
        await tab.Page.HoverAsync("#hot-keys");

        Assert.Equal("undefined", await tab.Page.EvaluateAsync<string>("typeof window.pwned"));
        Assert.Equal(0, await tab.Page.Locator("img").CountAsync());
        Assert.Equal(3, await tab.Page.Locator("script").CountAsync());
        Assert.Contains(Some.HostileKey, await tab.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#balance td')].map(cell => cell.textContent)"));
        Assert.Equal(Some.HostileKey, await tab.Page.TextContentAsync(".advice li"));
        Assert.Equal($"Tuning report: {Some.HostileKey} → {Some.HostileKey}", await tab.Page.TitleAsync());
        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
    }

    [Theory]
    [InlineData(390)]
    [InlineData(320)]
    public async Task A_phone_scrolls_down_and_never_sideways(int width)
    {
        await using ReportTab tab = await chromium.OpenAsync(Result, Some.Verification(Result), options: new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 } });

        Assert.True(await tab.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.All(await tab.ColoursAsync(), chart => Assert.True(chart.Value > 20, chart.Key));
    }

    [Fact]
    public async Task Dark_and_light_follow_the_reader_charts_included()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result);
        const string Look = "[getComputedStyle(document.body).backgroundColor, document.querySelector('#course canvas').toDataURL()]";

        string[] light = await tab.Page.EvaluateAsync<string[]>(Look);
        await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await tab.Page.WaitForFunctionAsync("before => document.querySelector('#course canvas').toDataURL() !== before", light[1]);
        string[] dark = await tab.Page.EvaluateAsync<string[]>(Look);

        Assert.NotEqual(light[0], dark[0]);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task On_paper_all_snippets_are_there_and_nothing_to_click()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result, Some.Verification(Result), options: new BrowserNewPageOptions { ColorScheme = ColorScheme.Dark });

        byte[] pdf = await tab.Page.PdfAsync(new PagePdfOptions { Format = "A4" });
        await tab.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });

        Assert.True(pdf.Length > 50_000);
        Assert.Equal("rgb(255, 255, 255)", await tab.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.False(await tab.Page.IsVisibleAsync("#filters"));
        Assert.All(await tab.Page.Locator(".snippet pre").AllAsync(), snippet => Assert.True(snippet.IsVisibleAsync().GetAwaiter().GetResult()));
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_setting_is_recommended_only_after_it_was_verified()
    {
        await using ReportTab verified = await chromium.OpenAsync(Result, Some.Verification(Result, error: 0.06));
        await using ReportTab wrong = await chromium.OpenAsync(Result, Some.Verification(Result, error: 0.5));
        await using ReportTab unverified = await chromium.OpenAsync(Result);

        Assert.Contains("recommended", await verified.Page.InnerTextAsync("body"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("recommended", await wrong.Page.InnerTextAsync("body"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("recommended", await unverified.Page.InnerTextAsync("body"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("--function", await unverified.Page.InnerTextAsync("#verdict"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_setting_that_fits_the_page_says_what_comes_nearest()
    {
        TuningResult none = Result with { Chosen = null, NearestFeasible = Result.Frontier[^1], IsComplete = false };

        await using ReportTab tab = await chromium.OpenAsync(none);
        string said = await tab.Page.InnerTextAsync("#verdict");

        Assert.Contains("No setting meets iteratorAge.p99 < 2s. Nearest is", said, StringComparison.Ordinal);
        Assert.Contains("interrupted", said, StringComparison.Ordinal);
        Assert.Contains("No setting was chosen.", await tab.Page.InnerTextAsync("#deploy"), StringComparison.Ordinal);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task A_search_that_found_nothing_at_all_is_still_a_page()
    {
        TuningResult nothing = Result with { Chosen = null, Knee = null, NearestFeasible = null, Frontier = [], Explored = [], Sensitivity = [], Advice = [], OtherLanePolicy = null };

        await using ReportTab tab = await chromium.OpenAsync(nothing);

        Assert.Contains("ruled all of them out", await tab.Page.InnerTextAsync("#trade-off"), StringComparison.Ordinal);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task The_largest_search_is_a_page_of_one_and_a_half_megabytes_at_most()
    {
        SimulationFigures figures = Result.Chosen!.Figures;
        TuningResult large = Result with
        {
            Explored = [.. Enumerable.Repeat(Result.Explored, 40).SelectMany(points => points)],
            Chosen = Result.Chosen with
            {
                Figures = figures with
                {
                    Course = [.. Enumerable.Range(0, 20_000).Select(index => new CoursePoint(TimeSpan.FromSeconds(index), 500, index % 900, 3, index))],
                    WorstMinute = [.. Enumerable.Range(0, 60_000).Select(index => new LaneSpan(index % 100, index % 10, TimeSpan.FromMilliseconds(index), TimeSpan.FromMilliseconds(index + 20), 100, 1, index % 50 == 0 ? SpanOutcome.Failed : SpanOutcome.Succeeded))],
                    Lanes = [.. Enumerable.Range(0, 1_000).Select(index => new LaneFigures(index / 10, index % 10, 1_000, 0.5, default, default))],
                },
            },
        };

        await using ReportTab tab = await chromium.OpenAsync(large);

        Assert.InRange(TuningReport.ToHtml(large, Some.Verification(large), Some.Origin).Length, 1_000_000, 1_500_000);
        Assert.Contains("more invocations are not drawn", await tab.Page.InnerTextAsync("#worst-minute"), StringComparison.Ordinal);
        Assert.Contains("more are not drawn", await tab.Page.InnerTextAsync("#filters"), StringComparison.Ordinal);
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task Both_lane_policies_are_shown_when_they_disagree()
    {
        await using ReportTab disagree = await chromium.OpenAsync(Result);
        await using ReportTab agree = await chromium.OpenAsync(Result with { OtherLanePolicy = null });

        string[] policies = await disagree.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#lane-policies tbody td:first-child')].map(cell => cell.textContent)");

        Assert.Equal(["HashLanes", "DynamicKeys"], policies);
        Assert.Equal(0, await agree.Page.Locator("#lane-policies").CountAsync());
    }

    [Fact]
    public async Task Figures_are_cards_with_an_explanation_and_inputs_are_enough_to_repeat_the_search()
    {
        await using ReportTab tab = await chromium.OpenAsync(Result with { Inputs = Result.Inputs with { Failures = new FailureModel { TransientRate = 0.02 } } });

        Assert.Equal(11, await tab.Page.Locator(".card .hint").CountAsync());
        string inputs = await tab.Page.InnerTextAsync("#provenance");
        Assert.All([Some.Origin.CommandLine, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10", "us-east-1, 2026-11-01", "20 ms + 1 ms per record", "2 % of invocations fail once", "records come faster"],
            part => Assert.Contains(part, inputs, StringComparison.Ordinal));
    }
}
