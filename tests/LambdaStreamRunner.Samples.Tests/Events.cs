using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.KinesisEvents;
using Moq;

namespace LambdaStreamRunner.Samples.Tests;

/// <summary>What a handler is called with.</summary>
internal static class Events
{
    /// <summary>A context whose log nobody reads.</summary>
    public static ILambdaContext Context { get; } = Mock.Of<ILambdaContext>(context => context.Logger == Mock.Of<ILambdaLogger>());

    /// <summary>An event with one record per text; the sequence numbers are 1, 2, 3 and so on.</summary>
    public static KinesisEvent Of(params IEnumerable<string> payloads) => new()
    {
        Records = [.. payloads.Select((payload, index) => new KinesisEvent.KinesisEventRecord
        {
            Kinesis = new KinesisEvent.Record { SequenceNumber = $"{index + 1}", Data = new MemoryStream(Encoding.UTF8.GetBytes(payload)) },
        })],
    };
}
