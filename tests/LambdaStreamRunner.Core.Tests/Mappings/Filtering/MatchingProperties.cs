using System.Globalization;
using System.Text;
using CsCheck;
using LambdaStreamRunner.Core.Streams;

namespace LambdaStreamRunner.Core.Tests.Mappings.Filtering;

/// <summary>
/// Random patterns and data of few names and values, so that they often meet; names are escaped and repeated at times. A
/// failure prints the seed that repeats it (CsCheck_Seed).
/// </summary>
public class MatchingProperties
{
    private const int DepthMax = 3;

    private static readonly string[] Names = ["a", "b", "é", "s/l"];

    private static readonly string[] Scalars =
        ["\"x\"", "\"xy\"", "\"X\"", "\"\"", "\"\\u0078\"", "\"x\\ny\"", "\"é\"", "1", "1.0", "2", "-1e1", "true", "false", "null"];

    private static readonly string[] Operators =
    [
        """{"prefix":"x"}""", """{"suffix":"y"}""", """{"equals-ignore-case":"x"}""", """{"anything-but":"x"}""", """{"anything-but":[1,2]}""",
        """{"numeric":["=",1]}""", """{"numeric":[">",-10,"<=",1]}""", """{"numeric":["<",0]}""", """{"exists":true}""", """{"exists":false}""",
    ];

    [Fact]
    public void Matching_in_one_pass_says_what_matching_trees_says() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            string pattern = Pattern(random, DepthMax);
            for (int i = 0; i < 20; i++)
            {
                string data = Object(random, DepthMax);
                bool expected = SlowMatcher.Matches(data, pattern);
                Assert.True(expected == Filtered.DataPasses(data, pattern), $"{pattern} against {data} is {expected}.");
            }
        },
        iter: 3_000);

    [Fact]
    public void Several_filters_match_what_one_of_them_matches() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            string[] patterns = [.. Enumerable.Range(0, 5).Select(_ => Pattern(random, DepthMax))];
            string data = Object(random, DepthMax);
            bool expected = patterns.Any(pattern => SlowMatcher.Matches(data, pattern));
            Assert.Equal(expected, Filtered.Passes(Filtered.RecordOf(data), patterns.Select(pattern => $"{{\"data\":{pattern}}}").ToArray()));
        },
        iter: 3_000);

    [Fact]
    public void Data_that_is_cut_off_or_garbled_is_never_let_through_and_never_harms() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            string pattern = Pattern(random, DepthMax);
            string data = Object(random, DepthMax);
            int place = random.Next(data.Length);

            Assert.False(Filtered.DataPasses(data[..place], pattern));
            Assert.False(Filtered.DataPasses(data + "]", pattern));
            byte[] garbled = Encoding.UTF8.GetBytes(data);
            garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            Filtered.Passes(StreamRecord.Create("key", garbled, Some.Number(1), Some.Time), $"{{\"data\":{pattern}}}");
        },
        iter: 3_000);

    [Fact]
    public void The_random_patterns_match_now_and_then()
    {
        var random = new Random(1);
        int matches = Enumerable.Range(0, 2_000).Count(_ => SlowMatcher.Matches(Object(random, DepthMax), Pattern(random, DepthMax)));

        Assert.InRange(matches, 100, 1_900);
    }

    private static string Pattern(Random random, int depth)
    {
        List<string> members = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => $"{Name(random)}:{FieldPattern(random, depth)}")];
        if (depth > 0 && random.Next(4) == 0)
            members.Add($"\"$or\":[{string.Join(',', Enumerable.Range(0, random.Next(2, 4)).Select(_ => Pattern(random, depth - 1)))}]");
        return $"{{{string.Join(',', members)}}}";
    }

    private static string FieldPattern(Random random, int depth)
    {
        if (depth > 0 && random.Next(3) == 0)
            return Pattern(random, depth - 1);
        return $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(2) == 0 ? One(random, Scalars) : One(random, Operators)))}]";
    }

    private static string Object(Random random, int depth)
    {
        IEnumerable<string> members = Enumerable.Range(0, random.Next(0, 5)).Select(_ => $"{Space(random)}{Name(random)}{Space(random)}:{Value(random, depth)}");
        return $"{{{string.Join(',', members)}{Space(random)}}}";
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 5 : 3) switch
    {
        3 => Object(random, depth - 1),
        4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(0, 4)).Select(_ => Value(random, depth - 1)))}]",
        _ => One(random, Scalars),
    };

    private static string Name(Random random)
    {
        string name = One(random, Names);
        return random.Next(8) switch
        {
            0 => $"\"{string.Concat(name.Select(c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")))}\"",
            1 => $"\"{name.Replace("/", "\\/", StringComparison.Ordinal)}\"",
            _ => $"\"{name}\"",
        };
    }

    private static string Space(Random random) => random.Next(6) == 0 ? " " : "";

    private static string One(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
