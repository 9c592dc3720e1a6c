using System.Reflection;
using System.Runtime.Loader;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Testing.Worlds;

/// <summary>Makes each handler from a copy of its code that nobody else runs: its statics are fresh, as in a new process.</summary>
/// <remarks>Copies of the code are loaded into contexts of their own, which go when nobody holds the handler any more.</remarks>
internal sealed class IsolatedHandlers
{
    public const string NeedsFactory =
        "IsolateStatics loads the handler's code again for each execution environment, and one instance that all of them share cannot be: write StreamTest.For(environment => new MyFunction().HandleAsync).";

    private readonly MethodInfo _factory;
    private readonly Lock _gate = new();
    private volatile string[] _paths;
    private DelegateBinder? _first;

    /// <param name="factory">Makes a handler; must not use variables from around it, which belong to the first copy of the code.</param>
    /// <param name="also">Assemblies that are copied besides those of the factory and of the handler.</param>
    public IsolatedHandlers(Func<ExecutionEnvironment, Delegate> factory, IReadOnlyList<Assembly> also)
    {
        _factory = factory.Method;
        if (HasState(factory.Target))
            throw new InvalidOperationException($"IsolateStatics cannot copy the lambda {_factory.Name}: it uses variables from around it, which the copies of the code would share. Let it use its environment only.");
        if (_factory.IsGenericMethod || _factory.DeclaringType is { IsGenericType: true })
            throw new InvalidOperationException($"IsolateStatics cannot copy the lambda {_factory.Name}, because it is written in generic code. Move it to a method and a class without type parameters.");
        _paths = [.. also.Append(_factory.Module.Assembly).Distinct().Select(PathOf)];
    }

    /// <summary>A handler with statics of its own.</summary>
    public BoundFunction Create(ExecutionEnvironment environment)
    {
        while (true)
        {
            string[] paths = _paths;
            Delegate handler = CopyOfFactory(paths)(environment);
            Assembly assembly = handler.Method.Module.Assembly;
            if (assembly.IsDynamic || paths.Contains(PathOf(assembly)))
                return BinderOf(handler).Bind(handler);
            lock (_gate)
                _paths = [.. _paths.Append(PathOf(assembly)).Distinct()];
        }
    }

    // The first one is kept: most of a binder's cost is the serializer's, which all can share.
    private DelegateBinder BinderOf(Delegate handler)
    {
        var binder = new DelegateBinder(handler, Volatile.Read(ref _first));
        Interlocked.CompareExchange(ref _first, binder, null);
        return binder;
    }

    private Func<ExecutionEnvironment, Delegate> CopyOfFactory(string[] paths)
    {
        Assembly copy = new Copies(paths).Load(PathOf(_factory.Module.Assembly));
        var method = (MethodInfo)copy.ManifestModule.ResolveMethod(_factory.MetadataToken)!;
        object? target = method.IsStatic ? null : Activator.CreateInstance(method.DeclaringType!, nonPublic: true);
        return method.CreateDelegate<Func<ExecutionEnvironment, Delegate>>(target);
    }

    // The object of a lambda without variables has no fields; a method of an object that has none is as good.
    private static bool HasState(object? target) => target is not null
        && target.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length > 0;

    private static string PathOf(Assembly assembly) => assembly.Location is { Length: > 0 } path
        ? path
        : throw new InvalidOperationException($"IsolateStatics cannot copy {assembly.GetName().Name}: it was not loaded from a file.");

    private sealed class Copies(string[] paths) : AssemblyLoadContext("isolated statics", isCollectible: true)
    {
        public Assembly Load(string path) => LoadFromAssemblyPath(path);

        // Everything else is shared, so that the effects of a copy are those of the test.
        protected override Assembly? Load(AssemblyName name) =>
            Array.Find(paths, path => Path.GetFileNameWithoutExtension(path) == name.Name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
