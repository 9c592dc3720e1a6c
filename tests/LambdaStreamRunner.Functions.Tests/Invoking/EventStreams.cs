using System.Text;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Tests.Invoking;

public class EventStreams
{
    [Fact]
    public async Task An_event_reads_like_any_stream_whichever_way_it_is_read()
    {
        byte[] memory = Encoding.UTF8.GetBytes("..hello..");
        ReadOnlyMemory<byte> hello = memory.AsMemory(2, 5);

        Assert.Equal("hello", await new StreamReader(new EventStream(hello)).ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("hello", Encoding.UTF8.GetString(new EventStream(hello).ToArray()));
        Assert.Equal("hello", Copied(new EventStream(hello)));
        Assert.Equal("hello", Written(new EventStream(hello)));
        using var stream = new EventStream(hello);
        Assert.Equal((byte)'h', stream.ReadByte());
        Assert.Equal((1, 5), (stream.Position, stream.Length));
        stream.Seek(-1, SeekOrigin.End);
        Assert.Equal(('o', -1), ((char)stream.ReadByte(), stream.ReadByte()));
        stream.Position = 2;
        byte[] two = new byte[4];
        Assert.Equal(3, await stream.ReadAsync(two.AsMemory(), TestContext.Current.CancellationToken));
        Assert.Equal("llo\0", Encoding.UTF8.GetString(two));
        Assert.False(stream.CanWrite);
    }

    [Fact]
    public void Memory_that_was_taken_back_cannot_be_read()
    {
        using var stream = new EventStream(new byte[10]);

        stream.TakeBack();

        Assert.Throws<IOException>(() => stream.ReadByte());
        Assert.Throws<IOException>(() => stream.ToArray());
        Assert.Throws<IOException>(() => stream.Length);
    }

    private static string Copied(EventStream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Encoding.UTF8.GetString(copy.ToArray());
    }

    private static string Written(EventStream stream)
    {
        using var copy = new MemoryStream();
        stream.WriteTo(copy);
        return Encoding.UTF8.GetString(copy.ToArray());
    }
}
