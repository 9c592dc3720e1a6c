namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Amazon's types by their full names: the user's functions bring the types, in whatever version.</summary>
internal static class AmazonNames
{
    public const string Context = "Amazon.Lambda.Core.ILambdaContext";

    public const string Serializer = "Amazon.Lambda.Core.ILambdaSerializer";

    public const string SerializerAttribute = "Amazon.Lambda.Core.LambdaSerializerAttribute";

    public static bool IsContext(Type type) => type.FullName == Context;
}
