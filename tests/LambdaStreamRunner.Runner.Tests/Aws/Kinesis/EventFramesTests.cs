using System.Text;
using Amazon.Runtime.EventStreams;
using LambdaStreamRunner.Runner.Aws;
using LambdaStreamRunner.Runner.Aws.Kinesis;

namespace LambdaStreamRunner.Runner.Tests.Aws.Kinesis;

/// <summary>A stream of events is cut into its messages; a damaged one never becomes records.</summary>
public class EventFramesTests
{
    private static byte[] Frame(string payload)
    {
        var type = new EventStreamHeader(":event-type");
        type.SetString("SubscribeToShardEvent");
        return new EventStreamMessage([type], Encoding.UTF8.GetBytes(payload)).ToByteArray();
    }

    [Fact]
    public async Task Messages_come_whole_and_in_order_however_the_network_cuts_them()
    {
        var frames = new EventFrames(new MemoryStream([.. Frame("one"), .. Frame("two")]));

        Assert.Equal("one", Encoding.UTF8.GetString((await frames.NextAsync(TestContext.Current.CancellationToken))!.Payload));
        Assert.Equal("two", Encoding.UTF8.GetString((await frames.NextAsync(TestContext.Current.CancellationToken))!.Payload));
        Assert.Null(await frames.NextAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_single_damaged_byte_is_noticed()
    {
        byte[] whole = Frame("payload");
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 0x20;

            AwsException error = await Assert.ThrowsAsync<AwsException>(() => new EventFrames(new MemoryStream(damaged)).NextAsync(TestContext.Current.CancellationToken));

            Assert.Equal("DamagedEventStream", error.Code);
        }
    }

    [Fact]
    public async Task A_stream_that_breaks_off_within_a_message_is_damaged()
    {
        byte[] whole = Frame("payload");
        for (int length = 1; length < whole.Length; length++)
            await Assert.ThrowsAsync<AwsException>(() => new EventFrames(new MemoryStream(whole[..length])).NextAsync(TestContext.Current.CancellationToken));
    }
}
