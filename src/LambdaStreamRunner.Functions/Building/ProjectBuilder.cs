using System.Globalization;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>Builds a function's project into a folder of the runner's own, <c>obj/lambda-stream</c>, unless its sources are as they were.</summary>
/// <remarks>Every build gets a new folder: a running process may have the old files mapped, and writing into them would end it.</remarks>
internal sealed class ProjectBuilder(string project, FunctionBuild build)
{
    /// <summary>Builds that are kept.</summary>
    private const int BuildsMax = 4;

    private readonly string _name = Path.GetFileNameWithoutExtension(project);
    private readonly string _root = RootOf(project);

    /// <summary>What the last successful build was made from; the project alone when there was none.</summary>
    public static IEnumerable<string> InputsOf(string project) => BuildManifest.Read(RootOf(project))?.Inputs ?? [project];

    private static string RootOf(string project) => Path.Combine(Path.GetDirectoryName(project)!, "obj", "lambda-stream");

    /// <summary>Returns the folder of the built assembly.</summary>
    /// <exception cref="FunctionLoadException">The build failed; the message has the compiler's lines.</exception>
    public async Task<string> BuildAsync(CancellationToken stopping)
    {
        if (UpToDateFolder() is { } found)
            return found;

        CreateRoot();
        using FileStream mine = await BuildLock.AcquireAsync(
            Path.Combine(_root, "lock"), () => build.Progress?.Invoke($"Waiting for another build of {_name}."), build.Time, stopping);
        return UpToDateFolder() ?? await BuildNowAsync(stopping);     // the other build may have made it
    }

    private string? UpToDateFolder() =>
        BuildManifest.Read(_root) is { } manifest && manifest.Fingerprint == SourceFingerprint.Of(manifest.Inputs, build.Configuration)
        && Directory.Exists(manifest.FolderIn(_root))
            ? manifest.FolderIn(_root)
            : null;

    private async Task<string> BuildNowAsync(CancellationToken stopping)
    {
        string folder = $"build-{Numbers().DefaultIfEmpty(0).Max() + 1}";
        var recorder = new InputRecorder(_root, folder);
        DateTime began = recorder.Prepare();
        long started = build.Time.GetTimestamp();
        build.Progress?.Invoke($"Building {_name} ({build.Configuration}).");

        try
        {
            await new DotnetBuild(build.DotnetCommand).RunAsync(
                project, [.. Arguments(Path.Combine(_root, folder)), .. recorder.Arguments], stopping);
        }
        catch
        {
            recorder.Discard();
            Remove(folder);                                           // it would count among those that are kept
            throw;
        }

        build.Progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"Built {_name} in {build.Time.GetElapsedTime(started).TotalSeconds:0.0} s."));
        string[] inputs = recorder.Read(project);
        string fingerprint = SourceFingerprint.Of(inputs, build.Configuration);
        if (SourceFingerprint.HasChangedSince(inputs, began))
            fingerprint = "";                                         // edited meanwhile: good for this run, not for the next
        new BuildManifest(folder, fingerprint, inputs).Write(_root);
        RemoveOlder();
        return Path.Combine(_root, folder);
    }

    private string[] Arguments(string folder) =>
    [
        "-c", build.Configuration, "-o", folder,
        "-p:CopyLocalLockFileAssemblies=true",                        // a class library's packages, too
        "-p:UseSharedCompilation=false", "-nodeReuse:false",          // leave no process behind
        "-p:RunAnalyzers=false",                                      // their warnings belong to the user's own build, and cost a fifth of the time
    ];

    private void CreateRoot()
    {
        try
        {
            Directory.CreateDirectory(_root);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new FunctionLoadException($"'{_root}' cannot be created, so '{_name}' cannot be built: {denied.Message}", denied);
        }
    }

    /// <summary>Keeps this build and some before it: another run may just be loading one, or still be running its last invocations.</summary>
    private void RemoveOlder()
    {
        foreach (int number in Numbers().OrderDescending().Skip(BuildsMax))
            Remove($"build-{number}");
    }

    private void Remove(string folder)
    {
        try
        {
            Directory.Delete(Path.Combine(_root, folder), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A build that failed may not have come so far.
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            build.Progress?.Invoke($"{folder} of {_name} is in use and stays: {inUse.Message}");
        }
    }

    private IEnumerable<int> Numbers() =>
        Directory.EnumerateDirectories(_root, "build-*")
            .Select(path => int.TryParse(Path.GetFileName(path)["build-".Length..], out int number) ? number : 0)
            .Where(number => number > 0);
}
