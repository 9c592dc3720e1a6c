namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>Levels of a handler's logger, by .NET's names and by those of Lambda's logs, which are the same for all languages.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html"/>.</remarks>
internal static class LogLevels
{
    private const int Information = 2;

    private static readonly string[] Names = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];
    private static readonly string[] Words = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

    /// <summary>The least level that is logged, as a rank from 0; Information unless another one is named.</summary>
    public static int LeastOf(string? name) => Rank(name) is >= 0 and { } rank ? rank : Information;

    /// <summary>True when a line of this level is logged; one of the handler's own making always is.</summary>
    public static bool IsLogged(string level, int least) => Rank(level) is var rank && (rank < 0 || rank >= least);

    /// <summary>Lambda's word; a level of the handler's own stays.</summary>
    public static string WordOf(string level) => Rank(level) is >= 0 and { } rank ? Words[rank] : level.ToUpperInvariant();

    private static int Rank(string? name)
    {
        int rank = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return rank >= 0 ? rank : Array.FindIndex(Words, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
