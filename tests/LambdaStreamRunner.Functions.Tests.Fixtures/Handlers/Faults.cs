using System.Linq.Expressions;
using System.Reflection;
using Amazon.Lambda.Core;

namespace Fixtures;

/// <summary>Handlers that Lambda refuses.</summary>
public class Refused
{
    public async void AsyncVoid(Order order) => await Task.Yield();

    public ValueTask ReturnsValueTask(Order order) => default;

    public ValueTask<Order> ReturnsValueTaskOf(Order order) => new(order);

    public T Generic<T>(T input) => input;

    public string Three(string a, ILambdaContext b, int c) => $"{a}{b}{c}";

    public string SecondIsNoContext(string a, int b) => $"{a}{b}";

    public string TwoContexts(ILambdaContext a, ILambdaContext b) => $"{a}{b}";

    public ReadOnlySpan<byte> GivesSpan() => default;

    public string ByReference(ref int number) => $"{number}";

    public string Variable(params string[] texts) => string.Concat(texts);

    [LambdaSerializer(typeof(string))]
    public string NotASerializer(string text) => text;

    [Failing]
    public string AttributeFails(string text) => text;

    [LambdaSerializer(typeof(FailingSerializer))]
    public string SerializerFails(string text) => text;

    [LambdaSerializer(typeof(ConfiguredSerializer))]
    public string SerializerNeedsArguments(string text) => text;

    [LambdaSerializer(typeof(OptionalSerializer))]
    public string SerializerTakesOptions(string text) => text;
}

public class FailingSerializer : ILambdaSerializer
{
    public FailingSerializer() => throw new InvalidOperationException("no serializer today");

    public T Deserialize<T>(Stream requestStream) => default!;

    public void Serialize<T>(T response, Stream responseStream)
    {
    }
}

public class FailingStaticConstructor
{
    private static readonly string Setting = Required();

    public static string StaticHandler(string text) => text + Setting;

    public string Handler(string text) => text + Setting;

    private static string Required() => throw new InvalidOperationException("TABLE_NAME is not set");
}

public class FailingConstructor
{
    public FailingConstructor() => throw new InvalidOperationException("no database");

    public string Handler(string text) => text;
}

/// <summary>Leaves something running that would hold its process for ever.</summary>
public class FailingWithThread
{
    public FailingWithThread()
    {
        new Thread(() => new ManualResetEvent(false).WaitOne()) { IsBackground = false }.Start();
        throw new InvalidOperationException("no database");
    }

    public string Handler(string text) => text;
}

public class NeedsArguments(string argument)
{
    public string Handler(string text) => text + argument;
}

public abstract class Abstract
{
    public string Handler(string text) => text;

    public static string StaticHandler(string text) => text;
}

public class GenericType<T>
{
    public string Handler(string text) => text + typeof(T);
}

public interface IHandler
{
    string Handler(string text);
}

/// <summary>An attribute that cannot be constructed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FailingAttribute : Attribute
{
    public FailingAttribute() => throw new InvalidOperationException("no attribute today");
}

/// <summary>Its message cannot be read.</summary>
public class UnreadableException : Exception
{
    public override string Message => throw new InvalidOperationException("no message today");
}

/// <summary>Handlers that throw.</summary>
public class Throwing
{
    public string AtOnce(string text) => throw new InvalidOperationException($"cannot take {text}");

    public async Task<string> Later(string text)
    {
        await Task.Yield();
        return Deeper(text);
    }

    public string WithCause(string text) => throw new InvalidOperationException("outer", new FormatException("inner"));

    public string Wrapped(string text) => throw new AggregateException(new TargetInvocationException(new KeyNotFoundException("no such key")));

    public Task<string> Blocking(string text) => Task.FromResult(Later(text).Result);

    public string Huge() => new('x', 7_000_000);

    public string Unreadable(string text) => throw new UnreadableException();

    public string ByCompiledCode(string text) => Expression.Lambda<Func<string>>(Expression.Call(GetType(), nameof(Deeper), null, Expression.Constant(text))).Compile()();

    private static string Deeper(string text) => throw new FormatException($"line {text} is cut off");
}
