using System.Linq.Expressions;
using System.Reflection;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>A handler with its serializer around it: the event's stream and the user's context in, the answer's bytes out.</summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> CompiledHandler(Stream input, object? context);

/// <summary>The same for any object that has the handler; null for a static one.</summary>
internal delegate ValueTask<ReadOnlyMemory<byte>> CompiledMethod(object? target, Stream input, object? context);

/// <summary>Turns a handler into a delegate, so that a call costs no reflection.</summary>
internal static class HandlerCompiler
{
    /// <summary>Compiles <c>(target, input, context) => Answer(target.method(Deserialize(input), context))</c> for the handler's shape.</summary>
    /// <param name="signature">The shape.</param>
    /// <param name="method">The handler, or the Invoke of a delegate over it.</param>
    /// <param name="serializer">Reads and writes what is no stream; null when nothing needs it.</param>
    public static CompiledMethod Compile(HandlerSignature signature, MethodInfo method, HandlerSerializer? serializer)
    {
        ParameterExpression target = Expression.Parameter(typeof(object), "target");
        ParameterExpression input = Expression.Parameter(typeof(Stream), "input");
        ParameterExpression context = Expression.Parameter(typeof(object), "context");
        MethodCallExpression call = Expression.Call(OwnerOf(method, target), method, ArgumentsOf(signature, input, context, serializer));
        return Expression.Lambda<CompiledMethod>(AnswerOf(signature, call, serializer), target, input, context).Compile();
    }

    // A struct stays in its box, so that it keeps what a call changes.
    private static UnaryExpression? OwnerOf(MethodInfo method, Expression target) => method switch
    {
        { IsStatic: true } => null,
        { DeclaringType.IsValueType: true } => Expression.Unbox(target, method.DeclaringType),
        _ => Expression.Convert(target, method.DeclaringType!),
    };

    private static List<Expression> ArgumentsOf(HandlerSignature signature, Expression input, Expression context, HandlerSerializer? serializer)
    {
        List<Expression> arguments = [];
        if (signature.Input is { } inputType)
            arguments.Add(inputType == typeof(Stream) ? input : Expression.Invoke(Expression.Constant(serializer!.DeserializerOf(inputType)), input));
        if (signature.Context is { } contextType)
            arguments.Add(Expression.Convert(context, contextType));
        return arguments;
    }

    /// <summary>True when the handler takes or gives something that is no stream.</summary>
    public static bool NeedsSerializer(HandlerSignature signature, out Type unserializable)
    {
        bool takes = signature.Input is not null && signature.Input != typeof(Stream);
        unserializable = (takes ? signature.Input : signature.Output) ?? typeof(void);
        return takes || (signature.Output is not null && !IsStream(signature.Output));
    }

    private static Expression AnswerOf(HandlerSignature signature, Expression call, HandlerSerializer? serializer)
    {
        if (signature is { Output: null, Task: null })
            return Expression.Block(call, Answer(nameof(HandlerAnswer.Nothing), []));
        if (signature.Output is null)
            return Answer(nameof(HandlerAnswer.AfterTask), [], call);

        Delegate write = IsStream(signature.Output)
            ? typeof(HandlerAnswer).GetMethod(nameof(HandlerAnswer.Copy))!.MakeGenericMethod(signature.Output).CreateDelegate(typeof(Action<,>).MakeGenericType(signature.Output, typeof(Stream)))
            : serializer!.SerializerOf(signature.Output);
        return signature.Task is { } task
            ? Answer(nameof(HandlerAnswer.OfTask), [signature.Output], Expression.Convert(call, task), Expression.Constant(write))
            : Answer(nameof(HandlerAnswer.Of), [signature.Output], call, Expression.Constant(write));
    }

    private static MethodCallExpression Answer(string name, Type[] typeArguments, params Expression[] arguments)
    {
        MethodInfo method = typeof(HandlerAnswer).GetMethod(name)!;
        return Expression.Call(typeArguments.Length == 0 ? method : method.MakeGenericMethod(typeArguments), arguments);
    }

    private static bool IsStream(Type type) => type.IsAssignableTo(typeof(Stream));
}
