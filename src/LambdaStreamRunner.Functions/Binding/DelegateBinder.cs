using System.Reflection;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Binds delegates over one method, however many objects they belong to: the call is compiled once.</summary>
/// <remarks>For tests, where each execution environment has an instance of its own and there are thousands of them.</remarks>
public sealed class DelegateBinder
{
    private readonly MethodInfo _method;
    private readonly string _name;
    private readonly HandlerSerializer _serializer;
    private readonly CompiledMethod _compiled;
    private readonly Func<FunctionContext, object>? _contextOf;

    /// <summary>A binder for the method of a delegate.</summary>
    /// <inheritdoc cref="HandlerBinder.Bind(Delegate)"/>
    /// <param name="handler">The delegate.</param>
    /// <param name="like">A binder for another copy of the same code: what it has learned about types that both share is used again. None by default.</param>
    public DelegateBinder(Delegate handler, DelegateBinder? like = null)
    {
        _method = handler.Method;
        _name = $"{_method.DeclaringType?.FullName}.{_method.Name}";
        var signature = HandlerSignature.Of(_method, _name);
        _serializer = like is not null && IsOfSharedTypes(signature)
            ? like._serializer
            : HandlerSerializer.NamedBy(_method, _method.Module.Assembly, _name) ?? HandlerSerializer.Plain();
        _compiled = HandlerCompiler.Compile(signature, _method, _serializer);
        _contextOf = signature.Context is { } contextType ? new LambdaContextProxy(contextType, _serializer.Instance).ContextOf : null;
    }

    /// <summary>True when this binder can bind a delegate: it is over the same method and nothing else.</summary>
    public static bool CanBind(Delegate handler) => handler.HasSingleTarget && handler.Method.IsStatic == (handler.Target is null);

    // A serializer remembers types, and would keep a copy of the code for good.
    private static bool IsOfSharedTypes(HandlerSignature signature) =>
        signature is { Input: null or { IsCollectible: false }, Output: null or { IsCollectible: false } };

    /// <summary>Binds a delegate over the method.</summary>
    public BoundFunction Bind(Delegate handler)
    {
        if (handler.Method != _method)
            throw new ArgumentException($"The delegate is over {handler.Method.Name}; this binder is for {_name}.", nameof(handler));
        object? target = handler.Target;
        return new BoundFunction(_name, CSharpName.Of(_method), (input, context) => _compiled(target, input, context), _contextOf);
    }
}
