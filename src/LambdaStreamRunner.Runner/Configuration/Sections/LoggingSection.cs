namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads a function's <c>LoggingConfig</c>.</summary>
internal static class LoggingSection
{
    public static readonly SectionNames Names = new("LoggingConfig", ["LogFormat", "ApplicationLogLevel", "SystemLogLevel", "LogGroup"], []);

    private const int LogGroupMax = 512;

    public static FunctionLogging Read(Section function, Problems problems)
    {
        if (function.Object("LoggingConfig") is not { } at)
            return new FunctionLogging();
        var section = new Section(at, Names, problems);
        var logging = new FunctionLogging
        {
            LogFormat = section.Choice("LogFormat", ("Text", FunctionLogFormat.Text), ("JSON", FunctionLogFormat.Json)) ?? FunctionLogFormat.Text,
            ApplicationLogLevel = Level(section, "ApplicationLogLevel", Enum.GetValues<FunctionLogLevel>()),
            SystemLogLevel = Level(section, "SystemLogLevel", [FunctionLogLevel.Debug, FunctionLogLevel.Info, FunctionLogLevel.Warn]),
            LogGroup = section.Text("LogGroup"),
        };
        if (logging.LogGroup is { } group && !IsLogGroup(group))
            section.Problem("LogGroup", $"is \"{group}\"; use 1 to {LogGroupMax} letters, digits and the characters . - _ / #.");
        return logging;
    }

    private static FunctionLogLevel? Level(Section section, string name, FunctionLogLevel[] levels) =>
        section.Choice(name, [.. levels.Select(level => (level.ToString().ToUpperInvariant(), level))]);

    private static bool IsLogGroup(string name) =>
        name.Length is > 0 and <= LogGroupMax && name.All(letter => char.IsAsciiLetterOrDigit(letter) || ".-_/#".Contains(letter, StringComparison.Ordinal));
}
