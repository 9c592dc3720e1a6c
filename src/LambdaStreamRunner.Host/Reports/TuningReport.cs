using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Simulation.Tuning;

namespace LambdaStreamRunner.Host.Reports;

/// <summary>What a search found as one HTML file that needs nothing else: no network, no other file.</summary>
/// <remarks>
/// Names and keys of users are in one block of JSON only, in which no character is left that could end it; the page's own code puts them
/// into text nodes. Its policy allows the scripts and the style of this page by their hashes, and nothing to be loaded from anywhere.
/// </remarks>
internal static partial class TuningReport
{
    /// <summary>The parts of the page's own script, in their order: each is a few functions, the last one calls them.</summary>
    private static readonly string[] Scripts = ["page.js", "table.js", "pareto.js", "course.js", "lanes.js", "bars.js", "sensitivity.js", "sections.js", "main.js"];

    /// <summary>The page.</summary>
    public static string ToHtml(TuningResult result, Verification? verification, ReportOrigin origin)
    {
        JsonObject data = ReportPage.Of(result, verification, origin);
        string library = Asset("echarts/echarts.min.js");
        string own = $"(() => {{\n'use strict';\n{string.Concat(Scripts.Select(Asset))}}})();";
        string style = Asset("report.css");
        Dictionary<string, string> parts = new(StringComparer.Ordinal)
        {
            ["policy"] = $"default-src 'none'; script-src '{HashOf(library)}' '{HashOf(own)}'; style-src '{HashOf(style)}'; img-src data:; base-uri 'none'; form-action 'none'",
            ["title"] = HtmlEncoder.Default.Encode($"{origin.Stream} → {origin.Function}"),
            ["style"] = style,
            ["library"] = library,
            ["script"] = own,
            ["data"] = data.ToJsonString(),               // the default encoder leaves no <, >, & or quote of a text as it is
        };
        return Placeholder().Replace(Asset("report.html"), match => parts[match.Groups[1].Value]);
    }

    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Asset(string name)
    {
        using Stream stream = typeof(TuningReport).Assembly.GetManifestResourceStream($"Reports/Assets/{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
