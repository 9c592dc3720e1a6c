using System.Reflection;
using System.Runtime.CompilerServices;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Finds the method that a handler string names, where Lambda would find it.</summary>
internal static class HandlerMethod
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    public static (Type Type, MethodInfo Method) Find(Assembly assembly, HandlerName handler)
    {
        Type type = assembly.GetType(handler.Type) ?? throw NoSuchType(assembly, handler);
        if (type.IsGenericType)
            throw new FunctionLoadException($"Handler '{handler}': the type '{handler.Type}' is generic, and nobody could say for which type arguments.");
        if (!type.IsClass && !type.IsValueType)
            throw new FunctionLoadException($"Handler '{handler}': '{handler.Type}' is neither a class nor a struct.");

        MethodInfo method = Named(type, handler);
        if (!method.IsStatic && type.IsAbstract)
            throw new FunctionLoadException($"Handler '{handler}': the class '{handler.Type}' is abstract, so its instance method cannot be called. Make the class concrete or the method static.");
        return (type, method);
    }

    private static MethodInfo Named(Type type, HandlerName handler)
    {
        for (Type? declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            MethodInfo[] found = [.. declaring.GetMethods(Declared).Where(method => method.Name == handler.Method || method.ToString() == handler.Method)];
            if (found.Length == 1)
                return found[0];
            if (found.Length > 1)
                throw new FunctionLoadException(
                    $"Handler '{handler}': '{declaring.FullName}' has {found.Length} methods with this name: {string.Join("; ", found.Select(CSharpName.Of))}. Rename all but one, or give the signature instead of the name, for example '{handler.Assembly}::{handler.Type}::{found[0]}'.");
        }
        throw NoSuchMethod(type, handler);
    }

    private static FunctionLoadException NoSuchType(Assembly assembly, HandlerName handler) =>
        HandlerMissing.Type(handler, [.. assembly.GetExportedTypes().Where(type => type.IsClass).Select(type => type.FullName!)]);

    private static FunctionLoadException NoSuchMethod(Type type, HandlerName handler) => HandlerMissing.Method(
        handler,
        [
            .. type.GetMethods()
                .Where(method => method.DeclaringType != typeof(object) && !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)))
                .Select(method => method.Name).Distinct()
        ]);
}
