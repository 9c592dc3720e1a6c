namespace LambdaStreamRunner.Benchmarks.Reporting;

/// <summary>Figures as Markdown, ready for the README.</summary>
internal sealed class Report(TextWriter output)
{
    /// <summary>The title of a benchmark.</summary>
    public void Title(string text) => output.WriteLine($"\n### {text}\n");

    /// <summary>A remark.</summary>
    public void Note(string text) => output.WriteLine($"\n{text}");

    /// <summary>A table; the first row names the columns.</summary>
    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        Row(columns);
        Row([.. columns.Select(_ => "---")]);
        foreach (string[] row in rows)
            Row(row);
        output.Flush();
    }

    /// <summary>A table whose rows are written as they become known.</summary>
    public async Task TableAsync(string[] columns, IAsyncEnumerable<string[]> rows)
    {
        Table(columns, []);
        await foreach (string[] row in rows)
        {
            Row(row);
            await output.FlushAsync();
        }
    }

    private void Row(string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
