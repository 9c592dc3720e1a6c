using System.Globalization;

namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>Names of the files by which a version of cgroups is told a memory limit, and tells what became of it.</summary>
/// <param name="Limit">Takes the limit in bytes.</param>
/// <param name="SwapLimit">Takes the limit with (version 1) or of (version 2) swap; there when the kernel counts swap.</param>
/// <param name="Usage">Bytes in use, caches of files included.</param>
/// <param name="IdleCache">Member of memory.stat: caches that go before anybody is ended.</param>
/// <param name="Events">Has the number of processes that were ended as <c>oom_kill</c>.</param>
internal sealed record CgroupVersion(string Limit, string SwapLimit, string Usage, string IdleCache, string Events)
{
    /// <summary>Takes ids of processes to move, and lists those inside.</summary>
    public const string Processes = "cgroup.procs";

    /// <summary>Ends all inside when 1 is written (version 2).</summary>
    public const string Kill = "cgroup.kill";

    /// <summary>With 1, all inside end together (version 2).</summary>
    public const string GroupEnds = "memory.oom.group";

    /// <summary>A hierarchy of its own for memory.</summary>
    public static readonly CgroupVersion One = new("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", "memory.oom_control");

    /// <summary>One hierarchy for everything.</summary>
    public static readonly CgroupVersion Two = new("memory.max", "memory.swap.max", "memory.current", "inactive_file", "memory.events");

    /// <summary>What <see cref="SwapLimit"/> must say so that no swap is used.</summary>
    public string WithoutSwap(long bytes) => this == One ? bytes.ToString(CultureInfo.InvariantCulture) : "0";
}
