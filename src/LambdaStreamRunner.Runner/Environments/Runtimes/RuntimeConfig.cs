using System.Text.Json;
using LambdaStreamRunner.Functions;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>The runtimeconfig.json of a .NET assembly: its frameworks, and what it sets of the runtime.</summary>
internal sealed class RuntimeConfig
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly JsonElement _options;

    private RuntimeConfig(string path, JsonElement options) => (Path, _options) = (path, options);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>False for what was published self-contained: it brings its own runtime, which nothing but its own program can start.</summary>
    public bool NamesFrameworks => _options.TryGetProperty("framework", out _) || _options.TryGetProperty("frameworks", out _);

    /// <summary>The one of an assembly; null when it has none.</summary>
    /// <exception cref="FunctionLoadException">It cannot be read.</exception>
    public static RuntimeConfig? Beside(string code)
    {
        string path = System.IO.Path.ChangeExtension(code, ".runtimeconfig.json");
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            JsonElement options = document.RootElement.GetProperty("runtimeOptions").Clone();
            return options.ValueKind is JsonValueKind.Object
                ? new RuntimeConfig(path, options)
                : throw new FunctionLoadException($"'{path}' cannot be read: runtimeOptions is no object.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FunctionLoadException($"'{path}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>True when it sets that property of the runtime.</summary>
    public bool Sets(string property) =>
        _options.TryGetProperty("configProperties", out JsonElement properties) && properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(property, out _);
}
