namespace LambdaStreamRunner.Testing.Tests.Docs;

/// <summary>docs/prove-your-handlers-order.md: its code is that of <see cref="OrderProofs"/>, and does what the page says.</summary>
public class ProveYourHandlersOrderTests
{
    private static readonly string Page = Read("docs/prove-your-handlers-order.md");

    public static TheoryData<string> Regions => ["handler", "test", "fix", "replay", "once", "steps"];

    [Theory]
    [MemberData(nameof(Regions))]
    public void The_code_on_the_page_is_the_code_that_is_tested(string region) => Assert.Contains($"```csharp\n{CodeOf(region)}\n```", Page, StringComparison.Ordinal);

    [Fact]
    public void All_code_on_the_page_is_tested() => Assert.Equal(Regions.Count, Page.Split("```csharp\n").Length - 1);

    [Fact]
    public async Task The_first_handler_fails_with_the_message_on_the_page_and_the_second_one_does_not_fail_again()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => new OrderProofs().Accounts_keep_their_order());

        string shown = Page.Split("```text\n")[1].Split("\n```")[0];
        Assert.All(shown.Split('\n').Select(line => line.TrimEnd()).Where(line => !line.Contains('…')), line => Assert.Contains(line, failure.Message, StringComparison.Ordinal));
        await new OrderProofs().Old_failures_stay_fixed(failure.ReplayFile!);
    }

    [Fact]
    public Task The_second_handler_keeps_order() => new OrderProofs().Ordered_accounts_keep_their_order();

    [Fact]
    public async Task It_repeats_effects()
    {
        StreamTestException failure = await Assert.ThrowsAsync<StreamTestException>(() => new OrderProofs().Accounts_change_once());

        Assert.Equal("Delivery.EffectsExactlyOnce", failure.Promise);
    }

    [Fact]
    public Task Steps_go_as_the_page_says() => new OrderProofs().A_batch_waits_for_its_window();

    // Attributes stand as comments in the code, since the runner of tests would find them.
    private static string CodeOf(string region)
    {
        string code = Read("tests/LambdaStreamRunner.Testing.Tests/Docs/OrderProofs.cs");
        string start = $"#region {region}\n";
        int from = code.IndexOf(start, StringComparison.Ordinal) + start.Length;
        string[] lines = code[from..code.IndexOf("#endregion", from, StringComparison.Ordinal)].TrimEnd().Split('\n');
        int indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : "")).Replace("// [", "[", StringComparison.Ordinal);
    }

    private static string Read(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, path);
            if (File.Exists(file))
                return File.ReadAllText(file).ReplaceLineEndings("\n");
        }
        throw new FileNotFoundException(path);
    }
}
