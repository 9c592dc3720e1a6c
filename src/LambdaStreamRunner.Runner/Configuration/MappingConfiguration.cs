using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Runner.Configuration.Sections;

namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>A mapping that the file asks for, with what it maps.</summary>
public sealed record MappingConfiguration
{
    /// <summary>The settings that decide. Its EventSourceArn is the full ARN of the stream or of a consumer of it, its FunctionName the function's bare name.</summary>
    public required EventSourceMapping Settings { get; init; }

    /// <summary>The stream that is read.</summary>
    public required StreamConfiguration Stream { get; init; }

    /// <summary>The function that is invoked.</summary>
    public required FunctionConfiguration Function { get; init; }

    /// <summary>The version or alias of the function that the mapping names.</summary>
    /// <value><c>$LATEST</c>, the function's alias, or null (the default) when it names none.</value>
    public string? Qualifier { get; init; }

    /// <summary>False: the mapping exists, but is neither polled nor invoked.</summary>
    /// <value>true by default.</value>
    public bool IsEnabled { get; init; } = true;

    /// <summary>MetricsConfig: true when the EventCount metrics are measured.</summary>
    /// <value>false by default.</value>
    public bool HasEventCount { get; init; }

    /// <summary>Where discarded batches go.</summary>
    /// <value>null (the default): they are counted and gone.</value>
    public OnFailureDestination? OnFailure { get; init; }

    /// <summary>The services that its destination may use; none by default.</summary>
    public ServiceEndpoints Endpoints { get; init; } = new();

    /// <summary>The ARN that the mapping names as its source, and that its events and documents carry.</summary>
    public string SourceArn => Settings.EventSourceArn;

    /// <summary>The function's ARN, with the qualifier exactly as the mapping names it.</summary>
    public string FunctionArn => Qualifier is null ? Function.Arn : $"{Function.Arn}:{Qualifier}";

    /// <summary>The mapping's UUID.</summary>
    /// <value>By default it follows from source and function, so that a configured mapping keeps it over restarts.</value>
    public Guid Uuid { get => field == Guid.Empty ? MappingIdentity.UuidOf(SourceArn, FunctionArn) : field; init; }

    /// <summary>True when the source is a consumer with enhanced fan-out.</summary>
    public bool HasConsumer => SourceArn != Stream.Arn;

    /// <summary>"stream → function", with the consumer behind the stream and the qualifier behind the function if they are named.</summary>
    public string Name => Qualifier is null ? $"{SourceName} → {Function.Name}" : $"{SourceName} → {Function.Name}:{Qualifier}";

    private string SourceName =>
        StreamArn.TryGetConsumer(SourceArn, out _, out string? consumer, out _) ? $"{Stream.Name}/{consumer}" : Stream.Name;
}
