using System.Globalization;
using System.Text;
using AccessLog;
using CsCheck;

namespace LambdaStreamRunner.Samples.Tests.AccessLog;

/// <summary>The handler in JavaScript and in Python counts what the one in C# counts.</summary>
public class OtherLanguagesTests
{
    private const int LinesPerSample = 3_000;

    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "access.log"));

    /// <summary>Times as nobody should write them, and some as one may.</summary>
    private static readonly string[] Times =
    [
        "31/Jan/2026:09:08:07 +0100", "31/JAN/2026:09:08:07 +01:00", "31/jan/2026:09:08:07 +1:00", "31/Jan/2026:09:08:07 +100", "31/Jan/2026:09:08:07 +1", "31/Jan/2026:09:08:07 Z",
        "31/Jan/2026:09:08:07 +1400", "31/Jan/2026:09:08:07 -1400", "31/Jan/2026:09:08:07 +1401", "31/Jan/2026:09:08:07 +0160", "31/Jan/2026:09:08:07 -0000", "31/Jan/2026:09:08:07 0100",
        "31/Jan/2026:09:08:07  +0100", "31/Jan/2026:09:08:07+0100", "31/Jan/2026:09:08:07", "31/Jan/2026:24:00:00 +0000", "31/Jan/2026:09:60:00 +0000", "31/Jan/2026:09:08:60 +0000",
        "1/Jan/2026:09:08:07 +0000", "01/Jan/2026:9:08:07 +0000", "00/Jan/2026:09:08:07 +0000", "31/Apr/2026:09:08:07 +0000", "29/Feb/2023:09:08:07 +0000", "29/Feb/2024:09:08:07 +0000",
        "29/Feb/1900:09:08:07 +0000", "29/Feb/2000:09:08:07 +0000", "01/Jan/0000:09:08:07 +0000", "01/Jan/0001:00:00:00 +0000", "01/Jan/0001:00:00:00 +0100", "01/Jan/0001:00:00:00 -0100",
        "31/Dec/9999:23:59:59 +0000", "31/Dec/9999:23:59:59 -0100", "31/Dec/99999:23:59:59 +0000", "31/Mai/2026:09:08:07 +0000", "31/March/2026:09:08:07 +0000", "٣١/Jan/2026:09:08:07 +0000",
    ];

    public static TheoryData<OtherLanguage> Languages => [OtherLanguage.Node, OtherLanguage.Python];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Its_own_tests_pass(OtherLanguage language) => await language.RunAsync(language.OwnTests, "");

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_sample_data_gives_the_same_counts(OtherLanguage language)
    {
        (bool[] accepted, var totals) = await language.InvokeAsync(Lines.Select(Encoding.UTF8.GetBytes));

        var function = new Function(new ClientTraffic());
        Assert.Equal(await AcceptedAsync(function, Lines), accepted);
        string[] clients = [.. Lines.Select(line => line.Split(' ')[0]).Distinct().Where(client => function.Traffic.Of(client).Hits > 0)];
        Assert.Equal(2_000 - 1, accepted.Count(isAccepted => isAccepted));
        Assert.Equal(
            clients.Select(client => (client, Text(function.Traffic.Of(client).Hits), Text(function.Traffic.Of(client).Bytes))).ToHashSet(),
            totals);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task Damaged_lines_are_accepted_and_refused_alike(OtherLanguage language) =>
        await Damaged.Array[LinesPerSample].SampleAsync(
            async lines =>
            {
                bool[] expected = await AcceptedAsync(new Function(new ClientTraffic()), lines);
                (bool[] accepted, _) = await language.InvokeAsync(lines.Select(Encoding.UTF8.GetBytes));

                string[] different = [.. lines.Where((_, index) => expected[index] != accepted[index])];
                Assert.True(different.Length == 0, $"Not alike: {string.Join('\n', different.Take(5))}");
                Assert.InRange(expected.Count(isAccepted => isAccepted), LinesPerSample / 20, LinesPerSample - (LinesPerSample / 20));
            },
            iter: 1,
            threads: 1);

    private static Gen<string> Damaged { get; } =
        from line in AnyOf(Lines)
        from time in AnyOf(Times)
        from hasOtherTime in Gen.Bool
        from damages in Gen.Select(Gen.Int[0, 10_000], AnyOf("\"", "\\", " ", "[", "]", "-", ":", "/", "+", "0", "9", "a", "\n", "\r", "\u2028", "é", "\uFEFF", "🙂", ""), Gen.Bool).Array[0, 2]
        select damages.Aggregate(hasOtherTime ? WithTime(line, time) : line, (text, damage) => Damage(text, damage.Item1, damage.Item2, damage.Item3));

    private static Gen<string> AnyOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static string WithTime(string line, string time)
    {
        int start = line.IndexOf('[', StringComparison.Ordinal);
        int end = line.IndexOf(']', StringComparison.Ordinal);
        return start < 0 || end < start ? line : $"{line[..(start + 1)]}{time}{line[end..]}";
    }

    // Whole characters only: half a surrogate cannot be put on a stream.
    private static string Damage(string text, int at, string with, bool replaces)
    {
        int index = at % (text.Length + 1);
        if (index > 0 && index < text.Length && char.IsLowSurrogate(text[index]))
            index--;
        int length = replaces && index < text.Length ? char.IsHighSurrogate(text[index]) ? 2 : 1 : 0;
        return text[..index] + with + text[(index + length)..];
    }

    private static async Task<bool[]> AcceptedAsync(Function function, string[] lines)
    {
        bool[] accepted = new bool[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                await function.HandleAsync(Events.Of(lines[i]), Events.Context);
                accepted[i] = true;
            }
            catch (FormatException)
            {
                accepted[i] = false;
            }
        }
        return accepted;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
