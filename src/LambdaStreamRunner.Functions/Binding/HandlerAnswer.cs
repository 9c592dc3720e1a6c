using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>What a handler returned, as the bytes of its answer. Called from compiled handlers.</summary>
internal static class HandlerAnswer
{
    /// <summary>Of a void handler.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> Nothing() => default;

    /// <summary>Of a synchronous handler.</summary>
    public static ValueTask<ReadOnlyMemory<byte>> Of<T>(T value, Action<T, Stream> write) => new(Written(value, write));

    /// <summary>Of a handler that returns Task.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> AfterTask(Task? task)
    {
        await Existing(task);
        return default;
    }

    /// <summary>Of a handler that returns Task&lt;T&gt;.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> OfTask<T>(Task<T>? task, Action<T, Stream> write)
    {
        T value = await Existing(task);
        return Written(value, write);
    }

    /// <summary>A returned stream is the answer from its position on; none is an empty answer.</summary>
    public static void Copy<T>(T returned, Stream answer)
        where T : Stream? =>
        returned?.CopyTo(answer);

    private static ReadOnlyMemory<byte> Written<T>(T value, Action<T, Stream> write)
    {
        using var answer = new AnswerStream();
        write(value, answer);
        return answer.Answer;
    }

    private static TTask Existing<TTask>(TTask? task)
        where TTask : Task =>
        task ?? throw new InvalidOperationException("The handler returned null instead of a task.");
}
