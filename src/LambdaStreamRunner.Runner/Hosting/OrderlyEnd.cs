using System.Runtime.ExceptionServices;

namespace LambdaStreamRunner.Runner.Hosting;

/// <summary>Ends one thing after the other, each of them whatever became of those before it.</summary>
internal static class OrderlyEnd
{
    /// <summary>Takes every step, in order; the first fault is thrown when all have been taken.</summary>
    public static async ValueTask OfAsync(params IEnumerable<Func<ValueTask>> steps)
    {
        ExceptionDispatchInfo? first = null;
        foreach (Func<ValueTask> step in steps)
        {
            try
            {
                await step();
            }
#pragma warning disable CA1031 // Whatever it is: it is thrown in the end.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                first ??= ExceptionDispatchInfo.Capture(fault);
            }
        }
        first?.Throw();
    }

    /// <summary>A step that ends a thing at once; none when it is not there.</summary>
    public static Func<ValueTask> Of(IDisposable? thing) => () =>
    {
        thing?.Dispose();
        return ValueTask.CompletedTask;
    };

    /// <summary>A step that ends a thing; none when it is not there.</summary>
    public static Func<ValueTask> Of(IAsyncDisposable? thing) => () => thing?.DisposeAsync() ?? ValueTask.CompletedTask;
}
