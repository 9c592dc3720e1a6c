using System.Collections.Immutable;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What a ResourceARN names: a stream, or a consumer of one.</summary>
internal sealed class KinesisResource
{
    private readonly EmbeddedStream _stream;
    private readonly ConsumerArn? _consumer;

    private KinesisResource(EmbeddedStream stream, ConsumerArn? consumer) => (_stream, _consumer) = (stream, consumer);

    /// <summary>By which requests name one.</summary>
    public static Member Arn { get; } = new("ResourceARN", MemberType.String) { IsRequired = true, LengthMin = 1, LengthMax = 2048, Pattern = Pattern.ResourceArn };

    /// <summary>Short name of the stream.</summary>
    public string StreamName => _stream.Name;

    public ImmutableSortedDictionary<string, string> Tags => _consumer is null ? _stream.Settings.Tags : Consumer.Tags;

    public string? Policy => _consumer is null ? _stream.Settings.Policy : Consumer.Policy;

    private StreamConsumer Consumer => FindIn(_stream.Settings);

    /// <summary>The one that a request names.</summary>
    /// <exception cref="KinesisException">There is none.</exception>
    public static KinesisResource Of(Arguments request, KinesisService service)
    {
        string arn = request.Text("ResourceARN")!;
        ConsumerArn? consumer = Pattern.ConsumerArn.Matches(arn) ? ConsumerArn.Parse(arn) : null;
        var resource = new KinesisResource(service.StreamOf(consumer?.StreamName ?? EmbeddedStreams.NameOf(arn)), consumer);
        if (consumer is not null)
            resource.FindIn(resource._stream.Settings);
        return resource;
    }

    /// <summary>Changes the tags; refused while the stream is on its way to another state.</summary>
    public void ChangeTags(Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change) => Change(
        settings => settings with { Tags = change(settings.Tags) },
        consumer => consumer with { Tags = change(consumer.Tags) });

    /// <summary>Puts a policy in the place of the one that was there; null for none.</summary>
    /// <param name="change">Makes the new one from the old one; may throw to refuse.</param>
    public void ChangePolicy(Func<string?, string?> change) => Change(
        settings => settings with { Policy = change(settings.Policy) },
        consumer => consumer with { Policy = change(consumer.Policy) });

    private void Change(Func<StreamSettings, StreamSettings> ofStream, Func<StreamConsumer, StreamConsumer> ofConsumer) => _stream.Change(settings =>
    {
        _stream.RefuseUnlessActive();
        if (_consumer is null)
            return ofStream(settings);
        StreamConsumer consumer = FindIn(settings);
        return settings with { Consumers = settings.Consumers.Replace(consumer, ofConsumer(consumer)) };
    });

    private StreamConsumer FindIn(StreamSettings settings) =>
        _consumer!.Value.FindIn(settings) ?? throw KinesisException.ConsumerNotFound(_consumer.Value.ConsumerName, _stream.Account);
}
