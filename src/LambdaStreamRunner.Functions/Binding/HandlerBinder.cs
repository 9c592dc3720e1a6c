using System.Reflection;
using System.Runtime.CompilerServices;
using LambdaStreamRunner.Functions.Invoking;
using LambdaStreamRunner.Functions.Loading;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Makes a handler string or a delegate callable: finds the method, checks its shape, constructs its object, compiles the call.</summary>
public static class HandlerBinder
{
    /// <summary>Loads an assembly into a load context of its own and binds the handler in it.</summary>
    /// <param name="assemblyPath">Full path of the DLL that the handler string names.</param>
    /// <param name="handler">The handler.</param>
    /// <exception cref="FunctionLoadException">It cannot be loaded or bound; the message says why and what is there.</exception>
    public static BoundFunction Bind(string assemblyPath, HandlerName handler) => Bind(FunctionLoadContext.Load(assemblyPath), handler);

    /// <summary>Binds a delegate over any supported shape, for runners that are embedded in a program or a test.</summary>
    /// <remarks>
    /// When neither the method nor its assembly names a serializer, System.Text.Json reads and writes, without regard to case,
    /// with base64 for <see cref="MemoryStream"/> and epoch seconds for dates, as events of Kinesis have them.
    /// </remarks>
    /// <exception cref="FunctionLoadException">Its signature is not one that Lambda supports.</exception>
    public static BoundFunction Bind(Delegate handler)
    {
        MethodInfo method = handler.Method;
        string name = $"{method.DeclaringType?.FullName}.{method.Name}";
        if (!handler.HasSingleTarget)
            throw new FunctionLoadException($"Handler '{name}': the delegate calls several methods.");

        var signature = HandlerSignature.Of(method, name);
        HandlerSerializer serializer = HandlerSerializer.NamedBy(method, method.Module.Assembly, name) ?? HandlerSerializer.Plain();
        CompiledMethod compiled = HandlerCompiler.Compile(signature, handler.GetType().GetMethod(nameof(Action.Invoke))!, serializer);
        return Bound(method, name, signature, serializer, (input, context) => compiled(handler, input, context));
    }

    internal static BoundFunction Bind(Assembly assembly, HandlerName handler)
    {
        try
        {
            (Type type, MethodInfo method) = HandlerMethod.Find(assembly, handler);
            var signature = HandlerSignature.Of(method, handler.ToString());
            HandlerSerializer? serializer = HandlerSerializer.NamedBy(method, assembly, handler.ToString());
            if (serializer is null)
                RefuseUnserializable(method, signature, handler);

            RunStaticConstructor(type, handler);
            object? target = method.IsStatic ? null : Construct(type, handler);
            CompiledMethod compiled = HandlerCompiler.Compile(signature, method, serializer);
            return Bound(method, handler.ToString(), signature, serializer, (input, context) => compiled(target, input, context));
        }
        catch (Exception missing) when (missing is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException)
        {
            throw new FunctionLoadException(
                $"Handler '{handler}': something that it needs cannot be loaded: {missing.Message} Is the folder complete? A class library copies its packages beside itself with CopyLocalLockFileAssemblies=true, or when it is published.", missing);
        }
    }

    private static BoundFunction Bound(MethodInfo method, string name, HandlerSignature signature, HandlerSerializer? serializer, CompiledHandler compiled)
    {
        Func<FunctionContext, object>? contextOf = signature.Context is { } contextType ? new LambdaContextProxy(contextType, serializer?.Instance).ContextOf : null;
        return new BoundFunction(name, CSharpName.Of(method), compiled, contextOf);
    }

    private static void RefuseUnserializable(MethodInfo method, HandlerSignature signature, HandlerName handler)
    {
        if (HandlerCompiler.NeedsSerializer(signature, out Type unserializable))
            throw new FunctionLoadException(
                $"Handler '{handler}': {CSharpName.Of(method)} needs a serializer for '{unserializable.FullName}', and neither the method nor its assembly names one. Add [assembly: LambdaSerializer(typeof(...))], or use Stream.");
    }

    private static object Construct(Type type, HandlerName handler)
    {
        if (!type.IsValueType && type.GetConstructor(Type.EmptyTypes) is null)
            throw new FunctionLoadException($"Handler '{handler}': the class '{type.FullName}' has no public constructor without parameters, and Lambda passes none.");
        try
        {
            return Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException failed) when (failed.InnerException is { } thrown)
        {
            throw UserCodeFault.In($"Handler '{handler}': the constructor of '{type.FullName}'", thrown);
        }
    }

    private static void RunStaticConstructor(Type type, HandlerName handler)
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
        catch (TypeInitializationException failed)
        {
            throw UserCodeFault.In($"Handler '{handler}': the static constructor of '{type.FullName}'", failed);
        }
    }
}
