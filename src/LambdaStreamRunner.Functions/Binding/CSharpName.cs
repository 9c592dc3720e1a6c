using System.Reflection;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Types and methods as C# writes them, for sentences.</summary>
internal static class CSharpName
{
    /// <summary><c>Task&lt;String&gt; Handle(KinesisEvent input, ILambdaContext context)</c>.</summary>
    public static string Of(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{Join(method.GetGenericArguments())}>" : "";
        string parameters = string.Join(", ", method.GetParameters().Select(parameter => $"{Of(parameter.ParameterType)} {parameter.Name}"));
        return $"{Of(method.ReturnType)} {method.Name}{generic}({parameters})";
    }

    /// <summary>A type's name without its namespace.</summary>
    public static string Of(Type type)
    {
        if (type == typeof(void))
            return "void";
        if (!type.IsGenericType)
            return type.Name;

        int mark = type.Name.IndexOf('`', StringComparison.Ordinal);
        return $"{(mark < 0 ? type.Name : type.Name[..mark])}<{Join(type.GetGenericArguments())}>";
    }

    private static string Join(Type[] types) => string.Join(", ", types.Select(Of));
}
