namespace LambdaStreamRunner.Functions.Building;

/// <summary>Lets MSBuild itself write down which projects and files take part in a build: only it knows what its imports add.</summary>
internal sealed class InputRecorder(string root, string build)
{
    private const string Targets = """
        <Project>
          <Target Name="RecordInputsOfLambdaStream" AfterTargets="Build">
            <WriteLinesToFile File="$(LambdaStreamInputs)/$(MSBuildProjectName).txt" Overwrite="true"
                              Lines="$(MSBuildProjectFullPath);@(Compile->'%(FullPath)');@(EmbeddedResource->'%(FullPath)');@(Content->'%(FullPath)');@(None->'%(FullPath)')" />
          </Target>
        </Project>
        """;

    private readonly string _targets = Path.Combine(root, "inputs.targets");
    private readonly string _folder = Path.Combine(root, $"{build}-inputs");

    /// <summary>Arguments that make a build record its inputs.</summary>
    public string[] Arguments => [$"-p:CustomAfterMicrosoftCommonTargets={_targets}", $"-p:LambdaStreamInputs={_folder}"];

    /// <summary>Writes the targets; returns the file system's time, to which sources can be compared.</summary>
    public DateTime Prepare()
    {
        Discard();
        File.WriteAllText(_targets, Targets);
        return File.GetLastWriteTimeUtc(_targets);
    }

    /// <summary>The recorded paths, without what builds generate.</summary>
    public string[] Read(string project)
    {
        IEnumerable<string> recorded = Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*.txt").SelectMany(File.ReadLines) : [];
        string[] inputs = [.. recorded.Append(project).Where(path => path.Length > 0 && !SourceFingerprint.IsGenerated(path)).Distinct().Order(StringComparer.Ordinal)];
        Discard();
        return inputs;
    }

    /// <summary>Forgets what was recorded.</summary>
    public void Discard()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
