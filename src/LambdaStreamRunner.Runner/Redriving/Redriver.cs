using System.Diagnostics;
using LambdaStreamRunner.Core.Contracts;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Streams;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Hosting;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Redriving;

/// <summary>Reads discarded batches again from their streams, and gives them to their functions once more.</summary>
/// <param name="configuration">Where mappings are found by the ARNs in the documents.</param>
/// <param name="endpoint">The Kinesis endpoint: a URL, or "aws"; null: where the configuration says that the stream lives, or else <see cref="EndpointDefault"/>.</param>
/// <param name="time">Real time.</param>
public sealed class Redriver(RunnerConfiguration configuration, string? endpoint, TimeProvider time) : IDisposable
{
    /// <summary>Where a run listens that does not say anything else.</summary>
    public const string EndpointDefault = "http://127.0.0.1:4566";

    private readonly Dictionary<AwsEndpoint, AwsClient> _clients = [];

    /// <summary>The mapping that discarded a batch.</summary>
    /// <exception cref="RedriveException">There is none, or its batches cannot be repeated.</exception>
    public MappingConfiguration MappingOf(DiscardedDocument document)
    {
        MappingConfiguration mapping = configuration.Mappings.FirstOrDefault(known => known.FunctionArn == document.FunctionArn && known.SourceArn == document.StreamArn)
            ?? throw new RedriveException(
                $"The configuration has no mapping from {document.StreamArn} to {document.FunctionArn}. It has {(configuration.Mappings.IsEmpty ? "none" : string.Join(", ", configuration.Mappings.Select(known => $"{known.SourceArn} to {known.FunctionArn}")))}. Name the one of the run with --config.");
        return mapping.Settings.TumblingWindow == TimeSpan.Zero
            ? mapping
            : throw new RedriveException($"{mapping.Name} has tumbling windows: the state that these records would be added to is gone. Put the records again instead.");
    }

    /// <summary>Finds the records of a batch.</summary>
    /// <exception cref="IOException">The endpoint refuses, or cannot be reached.</exception>
    public async Task<RedriveResult> FindAsync(DiscardedDocument document, CancellationToken cancellation)
    {
        MappingConfiguration mapping = MappingOf(document);
        if (!document.Payload.IsEmpty)
            return new RedriveResult(document, mapping.Name, document.Payload);
        var range = new StreamRange(ClientOf(mapping.Stream), mapping.Stream.Name);
        List<StreamRecord> found = await range.ReadAsync(document.ShardId, document.Start, document.End, cancellation);
        HashKeyRange? hashes = await range.HashKeyRangeAsync(document.ShardId, cancellation);
        BatchSelection batch = BatchSelection.Of(document, mapping, found, hashes);
        return new RedriveResult(document, mapping.Name, batch.Records) { Missing = batch.Missing, Warning = batch.Warning };
    }

    /// <summary>Gives the records to the function, in batches of the mapping's size, until one fails: what follows it stays behind, in order.</summary>
    public async Task<RedriveResult> SendAsync(RedriveResult found, FunctionCatalog functions, CancellationToken cancellation)
    {
        MappingConfiguration mapping = MappingOf(found.Document);
        KinesisEventWriter events = EventWriters.Of(mapping, found.Document.ShardId);
        IFunction function = await functions.GetAsync(mapping.Function, mapping.Function.VersionOf(mapping.Qualifier)!, cancellation);
        IFunctionLane lane = function.OpenLane();
        RedriveResult result = found;
        while (result.Error is null && result.Succeeded < found.Records.Length)
        {
            ReadOnlyMemory<StreamRecord> batch = NextBatch(found.Records.AsMemory()[result.Succeeded..], mapping.Settings.BatchSize, events);
            if (batch.IsEmpty)
                return result with { Failed = 1, Error = $"Record {found.Records[result.Succeeded].SequenceNumber} is too large for an event." };
            byte[] eventJson = new byte[events.Measure(batch.Span)];
            events.Write(batch.Span, eventJson);
            FunctionResult answer = await lane.InvokeAsync(eventJson, new FunctionInvocation(Guid.NewGuid(), mapping.FunctionArn), cancellation);
            result = Judge(result, batch.Span, BatchInvoker.OutcomeOf(answer, batch.Span, mapping.Settings));
        }
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AwsClient client in _clients.Values)
            client.Dispose();
    }

    private AwsClient ClientOf(StreamConfiguration stream)
    {
        var address = AwsEndpoint.Of("kinesis", stream.Arn.Split(':')[3], endpoint ?? stream.Endpoint ?? EndpointDefault);
        if (!_clients.TryGetValue(address, out AwsClient? client))
            _clients.Add(address, client = new AwsClient(address, time));
        return client;
    }

    private static ReadOnlyMemory<StreamRecord> NextBatch(ReadOnlyMemory<StreamRecord> records, int batchSize, KinesisEventWriter events)
    {
        int count = 0;
        int length = KinesisEventFormat.EnvelopeLength;
        while (count < Math.Min(records.Length, batchSize))
        {
            length += events.FixedRecordLength + records.Span[count].EventLength + (count == 0 ? 0 : 1);
            if (length > KinesisEventFormat.EventLengthMax)
                break;
            count++;
        }
        return records[..count];
    }

    private static RedriveResult Judge(RedriveResult before, ReadOnlySpan<StreamRecord> batch, BatchOutcome outcome) => outcome switch
    {
        BatchOutcome.Succeeded => before with { Succeeded = before.Succeeded + batch.Length },
        BatchOutcome.PartlyFailed partly => before with
        {
            Succeeded = before.Succeeded + partly.LowestFailedIndex,
            Failed = batch.Length - partly.LowestFailedIndex,
            Error = partly.Problem ?? $"The function reported a failure at record {batch[partly.LowestFailedIndex].SequenceNumber}.",
        },
        BatchOutcome.Failed failed => before with { Failed = batch.Length, Error = failed.Error },
        BatchOutcome.Throttled refused => before with { Failed = batch.Length, Error = refused.Reason },
        _ => throw new UnreachableException(),
    };
}
