using System.Reflection;
using System.Runtime.Loader;

namespace LambdaStreamRunner.Functions.Loading;

/// <summary>One function's assemblies: its own code and dependencies in its own versions; only the framework is shared.</summary>
internal sealed class FunctionLoadContext : AssemblyLoadContext
{
    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _folder;

    private FunctionLoadContext(string assemblyPath)
        : base(Path.GetFileNameWithoutExtension(assemblyPath))
    {
        _resolver = new AssemblyDependencyResolver(assemblyPath);
        _folder = Path.GetDirectoryName(assemblyPath)!;
    }

    /// <summary>Loads a function's assembly into a new context. It stays loaded until the process ends.</summary>
    /// <exception cref="FunctionLoadException">The file is missing or no .NET assembly that this runtime can load.</exception>
    public static Assembly Load(string assemblyPath)
    {
        if (!File.Exists(assemblyPath))
            throw new FunctionLoadException($"The assembly '{assemblyPath}' does not exist.");
        try
        {
            return new FunctionLoadContext(assemblyPath).LoadFromAssemblyPath(assemblyPath);
        }
        catch (BadImageFormatException wrong)
        {
            throw new FunctionLoadException($"'{assemblyPath}' is no .NET assembly that this process can load: {wrong.Message}", wrong);
        }
        catch (Exception failed) when (failed is FileLoadException or InvalidOperationException)
        {
            throw new FunctionLoadException($"'{assemblyPath}' cannot be loaded: {failed.Message}", failed);
        }
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Framework.IsCore(assemblyName))
            return null;
        if ((_resolver.ResolveAssemblyToPath(assemblyName) ?? Beside(assemblyName)) is { } path)
            return LoadFromAssemblyPath(path);
        if (Framework.Contains(assemblyName) || !string.IsNullOrEmpty(assemblyName.CultureName))
            return null;

        // Null would ask the runner's own folder, and a function must not run on the runner's packages.
        throw new FileNotFoundException($"'{assemblyName.Name}', version {assemblyName.Version}, is not in '{_folder}'.", assemblyName.FullName);
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    /// <summary>For a folder without a .deps.json.</summary>
    private string? Beside(AssemblyName wanted)
    {
        string path = Path.Combine(_folder, wanted.CultureName ?? "", $"{wanted.Name}.dll");
        return File.Exists(path) ? path : null;
    }
}
