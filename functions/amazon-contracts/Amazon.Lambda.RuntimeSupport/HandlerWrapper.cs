using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Makes of a handler of any shape one that takes an invocation and gives a response.</summary>
public class HandlerWrapper : IDisposable
{
    private HandlerWrapper(LambdaBootstrapHandler handler) => Handler = handler;

    /// <summary>The handler in its one shape.</summary>
    public LambdaBootstrapHandler Handler { get; }

    /// <summary>Of a handler that writes its answer into a stream.</summary>
    public static HandlerWrapper GetHandlerWrapper(Action<Stream, ILambdaContext, MemoryStream> invokeDelegate) => new(i =>
    {
        var output = new MemoryStream();
        invokeDelegate(i.InputStream, i.LambdaContext, output);
        output.Position = 0;
        return Task.FromResult(new InvocationResponse(output));
    });

    public static HandlerWrapper GetHandlerWrapper(Func<Task> handler) => Silent(i => handler());

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Task> handler) => Silent(i => handler(i.InputStream));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, Task> handler, ILambdaSerializer serializer) => Silent(i => handler(serializer.Deserialize<TInput>(i.InputStream)));

    public static HandlerWrapper GetHandlerWrapper(Func<ILambdaContext, Task> handler) => Silent(i => handler(i.LambdaContext));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task> handler) => Silent(i => handler(i.InputStream, i.LambdaContext));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) => Silent(i => handler(serializer.Deserialize<TInput>(i.InputStream), i.LambdaContext));

    public static HandlerWrapper GetHandlerWrapper(Func<Task<Stream>> handler) => Streaming(i => handler());

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Task<Stream>> handler) => Streaming(i => handler(i.InputStream));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, Task<Stream>> handler, ILambdaSerializer serializer) => Streaming(i => handler(serializer.Deserialize<TInput>(i.InputStream)));

    public static HandlerWrapper GetHandlerWrapper(Func<ILambdaContext, Task<Stream>> handler) => Streaming(i => handler(i.LambdaContext));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) => Streaming(i => handler(i.InputStream, i.LambdaContext));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task<Stream>> handler, ILambdaSerializer serializer) => Streaming(i => handler(serializer.Deserialize<TInput>(i.InputStream), i.LambdaContext));

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<Task<TOutput>> handler, ILambdaSerializer serializer) => Serializing(i => handler(), serializer);

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<Stream, Task<TOutput>> handler, ILambdaSerializer serializer) => Serializing(i => handler(i.InputStream), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, Task<TOutput>> handler, ILambdaSerializer serializer) => Serializing(i => handler(serializer.Deserialize<TInput>(i.InputStream)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) => Serializing(i => handler(i.LambdaContext), serializer);

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<Stream, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) => Serializing(i => handler(i.InputStream, i.LambdaContext), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) => Serializing(i => handler(serializer.Deserialize<TInput>(i.InputStream), i.LambdaContext), serializer);

    public static HandlerWrapper GetHandlerWrapper(Action handler) => Silent(i => Done(() => handler()));

    public static HandlerWrapper GetHandlerWrapper(Action<Stream> handler) => Silent(i => Done(() => handler(i.InputStream)));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Action<TInput> handler, ILambdaSerializer serializer) => Silent(i => Done(() => handler(serializer.Deserialize<TInput>(i.InputStream))));

    public static HandlerWrapper GetHandlerWrapper(Action<ILambdaContext> handler) => Silent(i => Done(() => handler(i.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper(Action<Stream, ILambdaContext> handler) => Silent(i => Done(() => handler(i.InputStream, i.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Action<TInput, ILambdaContext> handler, ILambdaSerializer serializer) => Silent(i => Done(() => handler(serializer.Deserialize<TInput>(i.InputStream), i.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream> handler) => Streaming(i => Task.FromResult(handler()));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, Stream> handler) => Streaming(i => Task.FromResult(handler(i.InputStream)));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, Stream> handler, ILambdaSerializer serializer) => Streaming(i => Task.FromResult(handler(serializer.Deserialize<TInput>(i.InputStream))));

    public static HandlerWrapper GetHandlerWrapper(Func<ILambdaContext, Stream> handler) => Streaming(i => Task.FromResult(handler(i.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Stream> handler) => Streaming(i => Task.FromResult(handler(i.InputStream, i.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Stream> handler, ILambdaSerializer serializer) => Streaming(i => Task.FromResult(handler(serializer.Deserialize<TInput>(i.InputStream), i.LambdaContext)));

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<TOutput> handler, ILambdaSerializer serializer) => Serializing(i => Task.FromResult(handler()), serializer);

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<Stream, TOutput> handler, ILambdaSerializer serializer) => Serializing(i => Task.FromResult(handler(i.InputStream)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, TOutput> handler, ILambdaSerializer serializer) => Serializing(i => Task.FromResult(handler(serializer.Deserialize<TInput>(i.InputStream))), serializer);

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<ILambdaContext, TOutput> handler, ILambdaSerializer serializer) => Serializing(i => Task.FromResult(handler(i.LambdaContext)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TOutput>(Func<Stream, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) => Serializing(i => Task.FromResult(handler(i.InputStream, i.LambdaContext)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) => Serializing(i => Task.FromResult(handler(serializer.Deserialize<TInput>(i.InputStream), i.LambdaContext)), serializer);

    public void Dispose() => GC.SuppressFinalize(this);

    private static HandlerWrapper Silent(Func<InvocationRequest, Task> handler) => new(async i =>
    {
        await handler(i);
        return new InvocationResponse(Stream.Null, false);
    });

    private static HandlerWrapper Streaming(Func<InvocationRequest, Task<Stream>> handler) => new(async i => new InvocationResponse(await handler(i)));

    private static HandlerWrapper Serializing<TOutput>(Func<InvocationRequest, Task<TOutput>> handler, ILambdaSerializer serializer) => new(async i =>
    {
        TOutput value = await handler(i);
        var output = new MemoryStream();
        serializer.Serialize(value, output);
        output.Position = 0;
        return new InvocationResponse(output);
    });

    private static Task Done(Action handler)
    {
        handler();
        return Task.CompletedTask;
    }
}
