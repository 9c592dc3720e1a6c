using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.Tests.Environments.Runtimes;

/// <summary>A function's files in a temporary folder.</summary>
internal sealed class CodeFolder : IDisposable
{
    public const string FunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:shop";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("runtimes-");

    public CodeFolder(params (string Path, string Text)[] files)
    {
        foreach ((string path, string text) in files)
            Write(path, text);
    }

    public string Path => _root.FullName;

    public string PathOf(string relative) => System.IO.Path.Combine(Path, relative);

    public string Write(string relative, string text)
    {
        string path = PathOf(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public FunctionConfiguration Function(string? runtime, string handler) => new()
    {
        Name = "shop",
        Arn = FunctionArn,
        Hosting = FunctionHosting.Process,
        Runtime = runtime,
        CodeUri = Path,
        Handler = handler,
        MemorySizeMegabytes = 256,
    };

    public void Dispose() => _root.Delete(recursive: true);
}
