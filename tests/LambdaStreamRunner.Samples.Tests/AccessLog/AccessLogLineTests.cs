namespace AccessLog.Tests;

public class AccessLogLineTests
{
    private const string Line =
        """192.0.2.7 - anna [31/Jan/2026:09:08:07 +0100] "GET /a?b=c HTTP/1.1" 200 1234 "https://example.com/" "curl/8.9.1" """;

    [Fact]
    public void A_line_is_read_field_by_field()
    {
        Assert.True(AccessLogLine.TryParse(Line.TrimEnd(), out AccessLogLine? line));

        Assert.Equal(
            new AccessLogLine("192.0.2.7", new DateTimeOffset(2026, 1, 31, 9, 8, 7, TimeSpan.FromHours(1)), "GET /a?b=c HTTP/1.1", 200, 1234),
            line);
    }

    [Theory]
    [InlineData("""2001:db8::1 - - [31/Jan/2026:09:08:07 +0000] "-" 408 - "-" "-" """, 0)]
    [InlineData("""host.example - - [29/Feb/2024:23:59:59 -0800] "GET / HTTP/1.0" 304 0 "" "" """, 0)]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET /\"x\" HTTP/1.1" 200 9999999999 "-" "say \"hi\" \\" """, 9_999_999_999)]
    public void Dashes_and_escaped_quotes_are_part_of_the_format(string text, long bytes)
    {
        Assert.True(AccessLogLine.TryParse(text.TrimEnd(), out AccessLogLine? line));

        Assert.Equal(bytes, line.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.7")]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl""")]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12""")]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl" more""")]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl\" """)]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 -1 "-" "curl" """)]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 99999999999999999999 "-" "curl" """)]
    [InlineData("""192.0.2.7 - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 600 12 "-" "curl" """)]
    [InlineData("""192.0.2.7 - - [30/Feb/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl" """)]
    [InlineData("""192.0.2.7 - - [2026-01-31T09:08:07Z] "GET / HTTP/1.1" 200 12 "-" "curl" """)]
    [InlineData("""192.0.2.7  - - [31/Jan/2026:09:08:07 +0000] "GET / HTTP/1.1" 200 12 "-" "curl" """)]
    public void Anything_else_is_refused(string text) => Assert.False(AccessLogLine.TryParse(text.TrimEnd(), out _));

    [Fact]
    public void A_line_end_belongs_to_the_file_and_not_to_the_line() => Assert.False(AccessLogLine.TryParse(Line.TrimEnd() + "\n", out _));
}
