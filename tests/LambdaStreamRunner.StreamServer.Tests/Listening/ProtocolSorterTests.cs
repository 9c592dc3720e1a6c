using System.IO.Pipelines;
using System.Text;
using LambdaStreamRunner.StreamServer.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.StreamServer.Tests.Listening;

/// <summary>Connections without a network.</summary>
public class ProtocolSorterTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("")]
    [InlineData("PRI * HTT")]
    public async Task Who_does_not_finish_the_first_words_is_cut(string begun)
    {
        await using var client = new Caller();
        await client.SayAsync(begun);
        Task sorting = new ProtocolSorter(_time).SortAsync(client.Connection, _ => throw new InvalidOperationException("It said nothing."));

        _time.Advance(ProtocolSorter.FirstBytesTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(sorting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await sorting;

        Assert.True(client.Connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_preface_in_pieces_is_one_all_the_same_and_nothing_of_it_is_lost()
    {
        await using var client = new Caller();
        var sorter = new ProtocolSorter(_time);
        Task sorting = sorter.SortAsync(client.Connection, _ => throw new InvalidOperationException("This was not HTTP/1.1."));
        foreach (byte b in FirstBytes.Http2Preface.ToArray())
            await client.SayAsync(((char)b).ToString());

        ConnectionContext taken = (await sorter.Http2.AcceptAsync(TestContext.Current.CancellationToken))!;
        ReadResult read = await taken.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Encoding.ASCII.GetString(FirstBytes.Http2Preface), Encoding.ASCII.GetString(read.Buffer));
        Assert.False(sorting.IsCompleted);
        await taken.DisposeAsync();
        await sorting;
    }

    [Fact]
    public async Task A_handshake_goes_to_the_ports_own_pipeline_when_there_is_no_certificate()
    {
        await using var client = new Caller();
        await client.SayAsync("\u0016\u0003\u0001");
        bool isServed = false;

        await new ProtocolSorter(_time).SortAsync(client.Connection, _ =>
        {
            isServed = true;
            return Task.CompletedTask;
        });

        Assert.True(isServed);
    }

    [Fact]
    public async Task Who_hangs_up_at_once_is_served_by_nobody()
    {
        await using var client = new Caller();
        await client.HangUpAsync();

        await new ProtocolSorter(_time).SortAsync(client.Connection, _ => throw new InvalidOperationException("There is nobody."));
    }

    [Fact]
    public async Task When_the_second_server_has_stopped_the_connection_is_cut()
    {
        await using var client = new Caller();
        var sorter = new ProtocolSorter(_time);
        await sorter.Http2.UnbindAsync(TestContext.Current.CancellationToken);
        await client.SayAsync(Encoding.ASCII.GetString(FirstBytes.Http2Preface));

        await sorter.SortAsync(client.Connection, _ => throw new InvalidOperationException("This was not HTTP/1.1."));

        Assert.True(client.Connection.ConnectionClosed.IsCancellationRequested);
        Assert.Null(await sorter.Http2.AcceptAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Caller : IAsyncDisposable
    {
        private readonly Pipe _toServer = new();
        private readonly Pipe _toClient = new();
        private readonly CancellationTokenSource _closed = new();

        public Caller() => Connection = new CuttableConnection(_closed) { Transport = new Line(_toServer.Reader, _toClient.Writer) };

        public DefaultConnectionContext Connection { get; }

        public async Task SayAsync(string text) => await _toServer.Writer.WriteAsync(Encoding.Latin1.GetBytes(text));

        public async Task HangUpAsync() => await _toServer.Writer.CompleteAsync();

        public async ValueTask DisposeAsync()
        {
            await _toServer.Writer.CompleteAsync();
            await Connection.DisposeAsync();
            _closed.Dispose();
        }

        private sealed record Line(PipeReader Input, PipeWriter Output) : IDuplexPipe;

        private sealed class CuttableConnection : DefaultConnectionContext
        {
            private readonly CancellationTokenSource _closed;

            public CuttableConnection(CancellationTokenSource closed)
            {
                _closed = closed;
                ConnectionClosed = closed.Token;
            }

            public override void Abort(ConnectionAbortedException abortReason) => _closed.Cancel();
        }
    }
}
