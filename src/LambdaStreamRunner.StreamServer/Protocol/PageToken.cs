using System.Text;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>NextToken of a list: whose list, and what was listed last.</summary>
internal readonly record struct PageToken(string Action, string Subject, string Last)
{
    private const char Separator = '\n';

    /// <summary>The token that a client gets.</summary>
    public string Seal(TokenSeal tokens) => tokens.Seal(Encoding.UTF8.GetBytes($"P{Separator}{Action}{Separator}{Subject}{Separator}{Last}"));

    /// <summary>Reads a token of the action.</summary>
    /// <exception cref="KinesisException">It is not ours, or too old.</exception>
    public static PageToken Open(string text, string action, TokenSeal tokens)
    {
        if (!tokens.TryOpen(text, out long issued, out byte[] content))
            throw Invalid();
        string[] parts = Encoding.UTF8.GetString(content).Split(Separator);
        if (parts.Length != 4 || parts[0] != "P" || parts[1] != action)
            throw Invalid();
        if (tokens.Now - issued > TokenSeal.LifetimeMilliseconds)
            throw new KinesisException("ExpiredNextTokenException", "The specified NextToken is expired.");
        return new PageToken(parts[1], parts[2], parts[3]);
    }

    private static KinesisException Invalid() => KinesisException.InvalidArgument("NextToken is invalid.");
}
