namespace LambdaStreamRunner.StreamServer;

/// <summary>A stream that shall be made.</summary>
/// <param name="Name">Short name; streams are told apart by it, whatever their ARN.</param>
/// <param name="ShardCount">1 or more.</param>
/// <param name="Settings">AWS's defaults when null.</param>
/// <param name="Arn">The ARN that clients are shown, of any region and account; those of the server when null.</param>
/// <param name="CreatingDelay">How long it is CREATING; as long as the server's options say when null.</param>
public sealed record NewStream(string Name, int ShardCount, StreamSettings? Settings = null, string? Arn = null, TimeSpan? CreatingDelay = null);
