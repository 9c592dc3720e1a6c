namespace Amazon.Lambda.Core;

/// <summary>Names the serializer of an assembly's handlers, or of one handler.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly, AllowMultiple = false)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    /// <summary>An <see cref="ILambdaSerializer"/> with a constructor without parameters.</summary>
    public Type SerializerType { get; set; } = serializerType;
}
