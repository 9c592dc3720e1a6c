using System.Reflection;
using System.Runtime.CompilerServices;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>The shape of a handler: what it takes and what it gives.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html"/>, "Class library handlers".</remarks>
/// <param name="Input">Type of the event; null when the handler takes none.</param>
/// <param name="Context">The user's own ILambdaContext; null when the handler takes none.</param>
/// <param name="Output">Type of the answer; null for void and Task.</param>
/// <param name="Task">Task, or the Task&lt;T&gt; of the answer; null when the handler is synchronous.</param>
internal sealed record HandlerSignature(Type? Input, Type? Context, Type? Output, Type? Task)
{
    /// <summary>Reads a method's signature and refuses what Lambda refuses.</summary>
    /// <param name="method">The method.</param>
    /// <param name="handler">How the user named it.</param>
    /// <exception cref="FunctionLoadException">Lambda could not call it.</exception>
    public static HandlerSignature Of(MethodInfo method, string handler)
    {
        string? fault = FaultOf(method);
        if (fault is not null)
            throw new FunctionLoadException($"Handler '{handler}': {CSharpName.Of(method)} {fault}");

        ParameterInfo[] parameters = method.GetParameters();
        Type? context = parameters.Length > 0 && AmazonNames.IsContext(parameters[^1].ParameterType) ? parameters[^1].ParameterType : null;
        Type? input = parameters.Length > 0 && !AmazonNames.IsContext(parameters[0].ParameterType) ? parameters[0].ParameterType : null;
        Type? task = TaskOf(method.ReturnType);
        Type? output = task switch
        {
            { IsGenericType: true } => task.GetGenericArguments()[0],
            not null => null,
            _ => method.ReturnType == typeof(void) ? null : method.ReturnType,
        };
        return new HandlerSignature(input, context, output, task);
    }

    private static string? FaultOf(MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (method.IsAbstract)
            return "is abstract.";
        if (method.IsGenericMethod)
            return "is generic, and nobody could say for which type arguments.";
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            return "is async void, so nobody can know when it ends. Return Task instead.";
        if (IsValueTask(method.ReturnType))
            return $"returns {CSharpName.Of(method.ReturnType)}, which Lambda does not await. Return {CSharpName.Of(method.ReturnType)["Value".Length..]} instead.";
        if (IsReference(method.ReturnType) || parameters.Any(parameter => IsReference(parameter.ParameterType)))
            return "passes something by reference.";
        if ((method.CallingConvention & CallingConventions.VarArgs) != 0 || (parameters.Length > 0 && parameters[^1].IsDefined(typeof(ParamArrayAttribute))))
            return "takes a variable number of arguments.";
        if (parameters.Length > 2)
            return $"takes {parameters.Length} parameters; a handler takes the event, then {AmazonNames.Context}, or one of them, or nothing.";
        if (parameters.Length == 2 && !AmazonNames.IsContext(parameters[1].ParameterType))
            return $"takes '{parameters[1].ParameterType.FullName}' second; the second parameter of a handler is {AmazonNames.Context}.";
        if (parameters.Length == 2 && AmazonNames.IsContext(parameters[0].ParameterType))
            return "takes the context twice; the first parameter of two is the event.";
        return null;
    }

    private static bool IsReference(Type type) => type.IsByRef || type.IsByRefLike || type.IsPointer;

    private static bool IsValueTask(Type type) =>
        type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static Type? TaskOf(Type returned)
    {
        for (Type? type = returned; type is not null; type = type.BaseType)
        {
            if (type == typeof(Task) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)))
                return type;
        }
        return null;
    }
}
