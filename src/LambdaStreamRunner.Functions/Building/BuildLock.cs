namespace LambdaStreamRunner.Functions.Building;

/// <summary>Keeps two runs from building one project at the same time.</summary>
internal static class BuildLock
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait for another run's build.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(5);

    /// <summary>Waits until the file can be opened for this process alone; closing it gives the lock back.</summary>
    /// <param name="path">The lock file; it stays behind, empty.</param>
    /// <param name="onWait">Called once when somebody else has it.</param>
    /// <param name="time">Paces the attempts.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <exception cref="FunctionLoadException">The other build did not end in time.</exception>
    public static async Task<FileStream> AcquireAsync(string path, Action onWait, TimeProvider time, CancellationToken stopping)
    {
        long started = time.GetTimestamp();
        bool hasWaited = false;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception denied) when (denied is UnauthorizedAccessException || (denied is IOException refused && !IsTaken(refused)))
            {
                throw new FunctionLoadException($"'{path}' cannot be written, so its project cannot be built: {denied.Message}", denied);
            }
            catch (IOException taken)
            {
                if (time.GetElapsedTime(started) > WaitMax)
                    throw new FunctionLoadException($"Another build holds '{path}' for more than {WaitMax.TotalMinutes:0} minutes: {taken.Message}", taken);
                if (!hasWaited)
                    onWait();
                hasWaited = true;
                await Task.Delay(Retry, time, stopping);
            }
        }
    }

    // ERROR_SHARING_VIOLATION, or EWOULDBLOCK: anything else, as a full disk or a folder that is not there, will not go away by waiting.
    private static bool IsTaken(IOException error) =>
        (error.HResult & 0xFFFF) == (OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsLinux() ? 11 : 35);
}
