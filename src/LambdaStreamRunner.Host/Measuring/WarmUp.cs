namespace LambdaStreamRunner.Host.Measuring;

/// <summary>Invokes a function until compilers have done their work: the quick calls of a second are slow ones until then, several times as slow.</summary>
internal static class WarmUp
{
    /// <summary>Those of a quick function last more than a second, and its compiler works in the background meanwhile.</summary>
    private const int InvocationsMax = 10_000;

    /// <summary>Invokes with batches of several sizes in turn, whatever comes of it.</summary>
    /// <param name="call">The function.</param>
    /// <param name="events">What it is given.</param>
    /// <param name="sizes">Records of a batch; one size at least.</param>
    /// <param name="budget">Time for it; the last invocation may end later.</param>
    /// <param name="time">Measures the budget.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(MeasuredCall call, SampleEvents events, IReadOnlyList<int> sizes, TimeSpan budget, TimeProvider time, CancellationToken cancellation)
    {
        long began = time.GetTimestamp();
        for (int i = 0; i < InvocationsMax && time.GetElapsedTime(began) < budget; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            await call(events.Write(sizes[i % sizes.Count]), cancellation);
        }
    }
}
