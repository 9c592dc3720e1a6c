using System.Reflection;
using System.Runtime.Loader;

namespace LambdaStreamRunner.Mutations.Tests;

/// <summary>A core of its own, with the unmodified simulation, functions, testing library and driver on top of it.</summary>
internal sealed class CoreContext(byte[] core) : AssemblyLoadContext(isCollectible: true)
{
    private const string Driver = "LambdaStreamRunner.Mutations.Driver";

    /// <summary>Explores in this context; see the driver's Exploring.</summary>
    public Task<string[]?> ExploreAsync(string world)
    {
        Type exploring = LoadFromAssemblyName(new AssemblyName(Driver)).GetType(Driver + ".Exploring", throwOnError: true)!;
        return (Task<string[]?>)exploring.GetMethod("ExploreAsync")!.Invoke(null, [world])!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is "LambdaStreamRunner.Core")
            return LoadFromStream(new MemoryStream(core));
        string path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
        bool isOurs = assemblyName.Name!.StartsWith("LambdaStreamRunner.", StringComparison.Ordinal) && File.Exists(path);
        return isOurs ? LoadFromAssemblyPath(path) : null;
    }
}
