using Amazon.Lambda.KinesisEvents;

namespace LambdaStreamRunner.Testing.Tests.Gallery;

/// <summary>The payload of a record as text.</summary>
internal static class TextOf
{
    public static async Task<string> Async(KinesisEvent.KinesisEventRecord record)
    {
        using var reader = new StreamReader(record.Kinesis.Data);
        return await reader.ReadToEndAsync();
    }

    public static string Sync(KinesisEvent.KinesisEventRecord record)
    {
        using var reader = new StreamReader(record.Kinesis.Data);
        return reader.ReadToEnd();
    }
}
