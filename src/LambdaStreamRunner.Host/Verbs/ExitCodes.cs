namespace LambdaStreamRunner.Host.Verbs;

/// <summary>What the program tells its caller; the same for every verb.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Done, but records were discarded, left unsettled or not put, or a guarantee broke.</summary>
    public const int DoneWithLosses = 1;

    /// <summary>Wrong usage or configuration; nothing was started.</summary>
    public const int WrongUsage = 2;

    /// <summary>Could not run: port taken, handler not loadable, endpoint not reachable.</summary>
    public const int CouldNotRun = 3;
}
