namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>Threads of the pool for handlers that block: without them the pool grows by about one thread a second.</summary>
public static class HandlerThreads
{
    /// <summary>Most threads that are kept ready, however many lanes there are.</summary>
    public const int ReservedMax = 512;

    /// <summary>Raises the pool's minimum so that this many handlers may block at once; never lowers it.</summary>
    /// <param name="concurrency">Calls that may run at the same time: the lanes of all shards.</param>
    public static void Reserve(int concurrency)
    {
        ThreadPool.GetMinThreads(out int workers, out int completionPorts);
        int wanted = Math.Min(Environment.ProcessorCount + concurrency, ReservedMax);
        if (wanted > workers)
            ThreadPool.SetMinThreads(wanted, completionPorts);
    }
}
