using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What actions work on.</summary>
/// <param name="Streams">The streams.</param>
internal sealed record KinesisService(EmbeddedStreams Streams)
{
    /// <summary>Seals iterators and page tokens.</summary>
    public TokenSeal Tokens => Streams.Tokens;

    /// <summary>The 12 digits of error texts.</summary>
    public string Account => Streams.Options.Account;

    /// <summary>The short name in StreamName or StreamARN.</summary>
    /// <exception cref="KinesisException">Neither is given, or they differ.</exception>
    public static string NameOf(Arguments request)
    {
        string? name = request.Text("StreamName");
        if (request.Text("StreamARN") is not { } arn)
            return name ?? throw KinesisException.InvalidArgument("Either StreamName or StreamARN must be provided.");

        string nameInArn = EmbeddedStreams.NameOf(arn);
        if (name is not null && name != nameInArn)
            throw KinesisException.InvalidArgument($"StreamName {name} and StreamARN {arn} do not name the same stream.");
        return nameInArn;
    }

    /// <summary>The stream that the request names.</summary>
    /// <exception cref="KinesisException">There is none.</exception>
    public EmbeddedStream StreamOf(Arguments request) => Streams.Get(NameOf(request));

    /// <summary>The stream that a data request names; while it is CREATING it is not there for data.</summary>
    /// <exception cref="KinesisException">There is none.</exception>
    public EmbeddedStream DataStreamOf(Arguments request) =>
        Streams.FindForData(NameOf(request)) ?? throw KinesisException.StreamNotFound(NameOf(request), Account);
}
