using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

/// <summary>The files of both versions of cgroups, in a folder that stands for the system's.</summary>
public sealed class CgroupTests : IDisposable
{
    private const long Limit = 128 * 1024 * 1024;
    private static readonly CgroupVersion TakesNoLimit = CgroupVersion.Two with { Limit = "missing/limit" };
    private readonly string _folder = Directory.CreateTempSubdirectory("cgroup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Version_two_is_told_the_limit_no_swap_and_to_end_all_together()
    {
        Write("memory.swap.max", "max");
        Write("memory.oom.group", "0");
        _ = new Cgroup(CgroupVersion.Two, _folder, Limit);
        Assert.Equal(["134217728", "0", "1"], [Read("memory.max"), Read("memory.swap.max"), Read("memory.oom.group")]);
    }

    [Fact]
    public void Version_one_is_told_the_limit_with_swap()
    {
        Write("memory.memsw.limit_in_bytes", "9223372036854771712");
        _ = new Cgroup(CgroupVersion.One, _folder, Limit);
        Assert.Equal(["134217728", "134217728"], [Read("memory.limit_in_bytes"), Read("memory.memsw.limit_in_bytes")]);
    }

    [Fact]
    public void Caches_that_would_go_do_not_count_as_used()
    {
        var cgroup = new Cgroup(CgroupVersion.Two, _folder, memoryBytesMax: null);
        Write("memory.current", "5000\n");
        Write("memory.stat", "anon 3000\ninactive_file_x 1\ninactive_file 1500\n");
        Write("memory.events", "low 0\nhigh 0\nmax 12\noom 0\noom_kill 0\n");
        Assert.Equal(new MemoryUse(3500, MemoryVerdict.Within), cgroup.Measure(new([])));
    }

    [Theory]
    [InlineData("memory.events", "max 12\noom 1\noom_kill 1\noom_group_kill 1\n")]
    [InlineData("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n")]
    public void A_process_that_the_kernel_has_ended_is_seen(string file, string text)
    {
        var cgroup = new Cgroup(file == "memory.events" ? CgroupVersion.Two : CgroupVersion.One, _folder, memoryBytesMax: null);
        Assert.Equal(MemoryVerdict.Within, cgroup.Verdict());
        Write(file, text);
        Assert.Equal(MemoryVerdict.Exceeded, cgroup.Verdict());
    }

    [Fact]
    public void One_that_cannot_be_read_does_not_pass_for_empty()
    {
        var cgroup = new Cgroup(CgroupVersion.Two, _folder, memoryBytesMax: null);
        string processes = Path.Combine(_folder, "cgroup.procs");
        File.CreateSymbolicLink(processes, processes);        // fails as it does when no more files can be opened
        Assert.Throws<IOException>(() => cgroup.Kill());
    }

    [Fact]
    public void Version_two_ends_all_at_once()
    {
        var cgroup = new Cgroup(CgroupVersion.Two, _folder, memoryBytesMax: null);
        Write("cgroup.kill", "");
        Assert.Equal(0, cgroup.Kill());
        Assert.Equal("1", Read("cgroup.kill"));
    }

    [Fact]
    public void Ending_one_that_is_removed_at_this_moment_is_no_fault()
    {
        var cgroup = new Cgroup(CgroupVersion.Two, _folder, memoryBytesMax: null);
        File.CreateSymbolicLink(Path.Combine(_folder, "cgroup.kill"), "/dev/full");   // there, and takes nothing
        Assert.Equal(0, cgroup.Kill());
    }

    [Fact]
    public void One_that_takes_no_limit_is_not_left_behind()
    {
        string folder = Path.Combine(_folder, "1");
        Assert.ThrowsAny<IOException>(() => new Cgroup(TakesNoLimit, folder, Limit));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_place_that_takes_no_limit_is_left_as_it_was()
    {
        Write("cgroup.subtree_control", "cpu memory\n");
        Assert.Null(CgroupFolder.TryMake(new CgroupPlace(TakesNoLimit, _folder), "runner"));
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [Fact]
    public void A_place_that_cannot_be_read_has_no_memory_to_limit() =>
        Assert.Null(CgroupFolder.TryMake(new CgroupPlace(CgroupVersion.Two, "/no/such/cgroup"), "runner"));

    [Theory]
    [InlineData("version 1", "30 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "4:memory:/user/7\n0::/", "/sys/fs/cgroup/memory/user/7 /sys/fs/cgroup/memory/user /sys/fs/cgroup/memory")]
    [InlineData("version 1 in a container", "30 23 0:26 /docker/ab /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "4:memory:/docker/ab", "/sys/fs/cgroup/memory")]
    [InlineData("version 2", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "0::/user.slice/app.slice", "/sys/fs/cgroup/user.slice/app.slice /sys/fs/cgroup/user.slice /sys/fs/cgroup")]
    [InlineData("version 2 in a container", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "0::/", "/sys/fs/cgroup")]
    [InlineData("another controller", "30 23 0:26 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids", "4:memory:/x", "")]
    [InlineData("none", "30 23 0:26 / / rw - ext4 /dev/sda rw", "", "")]
    public void Places_to_try_are_its_own_cgroup_and_those_above(string system, string mounts, string memberships, string folders) =>
        Assert.True(CgroupPlace.Candidates(mounts, memberships).Select(place => place.Folder).SequenceEqual(folders.Split(' ', StringSplitOptions.RemoveEmptyEntries)), system);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder, name));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
