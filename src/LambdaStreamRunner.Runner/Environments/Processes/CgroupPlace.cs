namespace LambdaStreamRunner.Runner.Environments.Processes;

/// <summary>Where this process may make cgroups that limit memory.</summary>
/// <param name="Version">What this system has.</param>
/// <param name="Folder">A folder of the cgroup file system.</param>
internal sealed record CgroupPlace(CgroupVersion Version, string Folder)
{
    /// <summary>Places to try, the best first: below this process' own cgroup, then beside it, and so on. Empty on a system without cgroups.</summary>
    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>.</param>
    /// <param name="memberships">The text of <c>/proc/self/cgroup</c>.</param>
    public static IEnumerable<CgroupPlace> Candidates(string mounts, string memberships)
    {
        string[][] cgroups = [.. Lines(memberships).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3)];
        foreach (Mount mount in Lines(mounts).Select(Mount.Parse).OfType<Mount>())
        {
            CgroupVersion? version = mount.HoldsMemory ? CgroupVersion.One : mount.Type == "cgroup2" ? CgroupVersion.Two : null;
            string? path = cgroups.FirstOrDefault(cgroup => version == CgroupVersion.One ? cgroup[1].Split(',').Contains("memory") : cgroup[0] == "0")?[2];
            if (version is null || path is null || mount.Below(path) is not { } inside)
                continue;
            for (string? folder = inside; folder is not null; folder = folder == mount.Point ? null : Path.GetDirectoryName(folder))
                yield return new CgroupPlace(version, folder);
        }
    }

    /// <summary>True when a new folder there gets files for memory.</summary>
    public bool HasMemory() => Version == CgroupVersion.One || Controllers().Contains("memory");

    private string[] Controllers()
    {
        try
        {
            return File.ReadAllText(Path.Combine(Folder, "cgroup.subtree_control")).Split([' ', '\n']);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];   // It is outside of what this process may see.
        }
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Mount(string Root, string Point, string Type, string Options)
    {
        public bool HoldsMemory => Type == "cgroup" && Options.Split(',').Contains("memory");

        /// <summary><c>36 35 98:0 /root /point rw,noatime master:1 - cgroup cgroup rw,memory</c>, see proc(5).</summary>
        public static Mount? Parse(string line)
        {
            string[] halves = line.Split(" - ", 2);
            string[] place = halves[0].Split(' ');
            string[] system = halves.Length == 2 ? halves[1].Split(' ') : [];
            return place.Length < 5 || system.Length < 3 ? null : new Mount(place[3], place[4], system[0], system[2]);
        }

        /// <summary>Where a cgroup is seen below this mount; null when it is outside.</summary>
        public string? Below(string path)
        {
            string root = Root.TrimEnd('/');
            if (path != root && !path.StartsWith(root + "/", StringComparison.Ordinal))
                return path == "/" ? Point : null;
            string relative = path[root.Length..].Trim('/');
            return relative.Length == 0 ? Point : Path.Combine(Point, relative);
        }
    }
}
