using System.Runtime.InteropServices;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>SIGKILL for what is not a child of this process, or a whole process group: .NET ends single processes that it started.</summary>
internal static partial class Signals
{
    private const int SigKill = 9;

    /// <summary>Ends a process; false when there is none with that id, or it belongs to somebody else.</summary>
    public static bool Kill(int processId) => processId > 1 && Send(processId, SigKill) == 0;

    /// <summary>Ends all processes of a group; false when it has none.</summary>
    public static bool KillGroup(int groupId) => groupId > 1 && Send(-groupId, SigKill) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);
}
