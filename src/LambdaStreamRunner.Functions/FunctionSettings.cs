namespace LambdaStreamRunner.Functions;

/// <summary>What a function is told about itself, and how long it may run. The names are those of Lambda's function configuration.</summary>
public sealed record FunctionSettings
{
    private readonly string? _logGroupName;

    /// <summary>FunctionName.</summary>
    public required string FunctionName { get; init; }

    /// <summary>FunctionVersion, with an alias resolved; $LATEST by default.</summary>
    public string FunctionVersion { get; init; } = "$LATEST";

    /// <summary>Longest time for one call: 1 to 900 s; 3 s by default, as on AWS.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>MemorySize in MB: 128 to 10,240; 128 by default. Told to the function, not enforced in process.</summary>
    public int MemorySize { get; init; } = 128;

    /// <summary>The name that the function finds as its log group; /aws/lambda/NAME by default.</summary>
    public string LogGroupName { get => _logGroupName ?? $"/aws/lambda/{FunctionName}"; init => _logGroupName = value; }

    /// <summary>The name that the function finds as its log stream, in AWS's form YYYY/MM/DD/[VERSION]32-hex-digits.</summary>
    public string LogStreamName { get; init; } = "1970/01/01/[$LATEST]00000000000000000000000000000000";

    /// <summary>A log stream's name as AWS writes it.</summary>
    /// <param name="version">Version of the function.</param>
    /// <param name="started">When the environment was started.</param>
    /// <param name="environment">Identity of the environment.</param>
    public static string LogStreamNameOf(string version, DateTimeOffset started, Guid environment) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{started.UtcDateTime:yyyy/MM/dd}/[{version}]{environment:N}");
}
