using System.Reflection;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Reads events and writes answers with the serializer that the user's code names, by its shape alone.</summary>
internal sealed class HandlerSerializer
{
    private readonly MethodInfo _deserialize;
    private readonly MethodInfo _serialize;

    private HandlerSerializer(object instance, Type shape)
    {
        Instance = instance;
        _deserialize = shape.GetMethod("Deserialize") ?? throw NotASerializer(shape, "Deserialize<T>(Stream)");
        _serialize = shape.GetMethod("Serialize") ?? throw NotASerializer(shape, "Serialize<T>(T, Stream)");
        if (!_deserialize.IsGenericMethodDefinition || !_serialize.IsGenericMethodDefinition)
            throw NotASerializer(shape, "generic methods");
    }

    /// <summary>The serializer itself, for the context's Serializer property.</summary>
    public object Instance { get; }

    /// <summary>For delegates over plain types, which name no serializer.</summary>
    public static HandlerSerializer Plain() => new(new PlainJsonSerializer(), typeof(PlainJsonSerializer));

    /// <summary>The serializer that LambdaSerializerAttribute names on the method or else on the function's assembly; null when neither does.</summary>
    /// <exception cref="FunctionLoadException">It cannot be used or constructed.</exception>
    public static HandlerSerializer? NamedBy(MethodInfo method, Assembly assembly, string handler)
    {
        Attribute? attribute = FindAttribute(method, assembly, handler);
        if (attribute is null)
            return null;
        if (attribute.GetType().GetProperty("SerializerType")?.GetValue(attribute) is not Type type)
            throw new FunctionLoadException($"Handler '{handler}': its LambdaSerializer attribute names no type.");

        Type shape = Array.Find(type.GetInterfaces(), candidate => candidate.FullName == AmazonNames.Serializer)
            ?? throw new FunctionLoadException($"Handler '{handler}': the serializer '{type.FullName}' does not implement {AmazonNames.Serializer}.");
        return new HandlerSerializer(Construct(type, handler), shape);
    }

    /// <summary>A <c>Func&lt;Stream, T&gt;</c>.</summary>
    public Delegate DeserializerOf(Type type) =>
        _deserialize.MakeGenericMethod(type).CreateDelegate(typeof(Func<,>).MakeGenericType(typeof(Stream), type), Instance);

    /// <summary>An <c>Action&lt;T, Stream&gt;</c>.</summary>
    public Delegate SerializerOf(Type type) =>
        _serialize.MakeGenericMethod(type).CreateDelegate(typeof(Action<,>).MakeGenericType(type, typeof(Stream)), Instance);

    private static object Construct(Type type, string handler)
    {
        if (type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is not { } constructor)
            throw new FunctionLoadException($"Handler '{handler}': the serializer '{type.FullName}' has no public constructor without parameters, and Lambda passes none. Name a class that derives from it and passes them on: class MySerializer() : {type.Name.Split('`')[0]}(...).");
        try
        {
            return constructor.Invoke(null);
        }
        catch (TargetInvocationException failed) when (failed.InnerException is { } thrown)
        {
            throw UserCodeFault.In($"Handler '{handler}': the constructor of the serializer '{type.FullName}'", thrown);
        }
    }

    /// <summary>Attributes are constructed to be looked at, and that is the user's code.</summary>
    private static Attribute? FindAttribute(MethodInfo method, Assembly assembly, string handler)
    {
        try
        {
            return Find(method.GetCustomAttributes()) ?? Find(assembly.GetCustomAttributes());
        }
#pragma warning disable CA1031 // Whatever user code throws is told as its own fault.
        catch (Exception thrown) when (thrown is not (FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException))
#pragma warning restore CA1031
        {
            throw UserCodeFault.In($"Handler '{handler}': an attribute of it or of its assembly", thrown is TargetInvocationException { InnerException: { } inner } ? inner : thrown);
        }
    }

    private static Attribute? Find(IEnumerable<Attribute> attributes) =>
        attributes.FirstOrDefault(attribute => attribute.GetType().FullName == AmazonNames.SerializerAttribute);

    private static FunctionLoadException NotASerializer(Type shape, string missing) => new($"'{shape.FullName}' has no {missing}, so it cannot serialize.");
}
