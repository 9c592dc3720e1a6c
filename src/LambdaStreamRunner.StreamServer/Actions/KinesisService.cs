using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What actions work on.</summary>
/// <param name="Streams">The streams.</param>
/// <param name="Caller">Who asks.</param>
internal sealed record KinesisService(EmbeddedStreams Streams, Caller Caller)
{
    /// <summary>For callers who are not known to be anybody else.</summary>
    public KinesisService(EmbeddedStreams streams)
        : this(streams, new Caller(streams.Options.Region, streams.Options.Account))
    {
    }

    /// <summary>Fires when the server stops: nobody is kept waiting on purpose any more.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Seals iterators and page tokens.</summary>
    public TokenSeal Tokens => Streams.Tokens;

    /// <summary>The 12 digits of error texts.</summary>
    public string Account => Caller.Account;

    /// <summary>The same for the caller of a request.</summary>
    public KinesisService For(Caller caller) => caller == Caller ? this : this with { Caller = caller };

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
    public EmbeddedStream StreamOf(Arguments request) => StreamOf(NameOf(request));

    /// <summary>The stream with a name.</summary>
    /// <exception cref="KinesisException">There is none.</exception>
    public EmbeddedStream StreamOf(string name) =>
        Streams.TryGet(name, out EmbeddedStream? stream) ? stream : throw KinesisException.StreamNotFound(name, Account);

    /// <summary>The stream that a data request names; while it is CREATING it is not there for data.</summary>
    /// <exception cref="KinesisException">There is none.</exception>
    public EmbeddedStream DataStreamOf(Arguments request) =>
        Streams.FindForData(NameOf(request)) ?? throw KinesisException.StreamNotFound(NameOf(request), Account);
}
