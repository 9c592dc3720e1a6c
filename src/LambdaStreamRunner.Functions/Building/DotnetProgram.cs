using System.Text.Json;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>Finds what starts a .NET program among the files of its build.</summary>
internal static class DotnetProgram
{
    /// <summary>The DLL when the installed .NET runs it; else the file that brings its own, or that was compiled ahead of time. Null when neither is there.</summary>
    /// <exception cref="FunctionLoadException">The assembly is a library.</exception>
    public static string? In(string folder, string assembly)
    {
        string library = Path.Combine(folder, $"{assembly}.dll");
        string itself = Path.Combine(folder, OperatingSystem.IsWindows() ? $"{assembly}.exe" : assembly);
        if (File.Exists(library) && RunsOnInstalledFramework(Path.ChangeExtension(library, ".runtimeconfig.json")))
            return library;
        if (File.Exists(itself))
            return itself;
        if (File.Exists(library))
            throw new FunctionLoadException($"Handler '{assembly}' names an assembly alone, and '{assembly}.dll' is a library. Write the handler as Assembly::Namespace.Type::Method, or make the project a program: <OutputType>Exe</OutputType>.");
        return null;
    }

    /// <summary>Libraries have no such file, or one without an entry point beside it; programs that bring their framework say so there.</summary>
    private static bool RunsOnInstalledFramework(string runtimeConfig)
    {
        if (!File.Exists(runtimeConfig) || !HasEntryPoint(Path.ChangeExtension(Path.ChangeExtension(runtimeConfig, null), ".dll")))
            return false;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(runtimeConfig));
            return !document.RootElement.GetProperty("runtimeOptions").TryGetProperty("includedFrameworks", out _);
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FunctionLoadException($"'{runtimeConfig}' cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static bool HasEntryPoint(string library)
    {
        using FileStream file = File.OpenRead(library);
        using var reader = new System.Reflection.PortableExecutable.PEReader(file);
        return reader.HasMetadata && reader.PEHeaders.CorHeader!.EntryPointTokenOrRelativeVirtualAddress != 0;
    }
}
