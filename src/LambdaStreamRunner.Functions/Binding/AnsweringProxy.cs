using System.Reflection;
using System.Runtime.Loader;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Answers the call of an interface's member.</summary>
internal delegate object? MemberAnswer(MethodInfo member, object?[] arguments);

/// <summary>Implements an interface that is only known at run time.</summary>
/// <remarks>
/// The run time can only derive a proxy from a base class that lives in the interface's own load context. So this class is
/// loaded once more into each function's context, and both copies speak through a delegate of the framework.
/// </remarks>
internal class AnsweringProxy : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = null!;

    /// <summary>Finds out how to implement the interface, once; the result makes instances.</summary>
    public static Func<MemberAnswer, object> FactoryFor(Type interfaceType)
    {
        var context = AssemblyLoadContext.GetLoadContext(interfaceType.Assembly)!;
        Assembly own = typeof(AnsweringProxy).Assembly;
        Assembly there = context == AssemblyLoadContext.GetLoadContext(own) ? own : context.LoadFromAssemblyPath(own.Location);
        var create = there.GetType(typeof(AnsweringProxy).FullName!)!.GetMethod(nameof(CreateHere), BindingFlags.Static | BindingFlags.NonPublic)!
            .CreateDelegate<Func<Type, Func<MethodInfo, object?[], object?>, object>>();
        return answer => create(interfaceType, answer.Invoke);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);

    private static object CreateHere(Type interfaceType, Func<MethodInfo, object?[], object?> answer)
    {
        object proxy = Create(interfaceType, typeof(AnsweringProxy));
        ((AnsweringProxy)proxy)._answer = answer;
        return proxy;
    }
}
