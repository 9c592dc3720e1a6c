using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>The public types of an assembly and their members as text, one per line, sorted: made to be read as a difference.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string[] Describe(Assembly assembly) =>
        [.. assembly.GetExportedTypes().SelectMany(type => Members(type).Prepend(Declaration(type))).Order(StringComparer.Ordinal)];

    private static string Declaration(Type type)
    {
        IEnumerable<string> parents = type.GetInterfaces()
            .Where(parent => parent.IsPublic && !type.IsEnum && type.BaseType?.IsAssignableTo(parent) != true && !IsSynthesized(type, parent))
            .Select(NameOf).Order(StringComparer.Ordinal);
        if (type.BaseType is { } basis && basis != typeof(object) && basis != typeof(ValueType) && !type.IsEnum)
            parents = parents.Prepend(NameOf(basis));
        string list = string.Join(", ", parents);
        return $"{FullNameOf(type)}: {KindOf(type)}{(list.Length == 0 ? "" : $" of {list}")}";
    }

    private static string KindOf(Type type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsAssignableTo(typeof(Delegate)))
            return "delegate";
        if (type.IsValueType)
            return type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly struct" : "struct";
        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static class",
            (true, false) => "abstract class",
            (false, true) => "sealed class",
            (false, false) => "class",
        };
    }

    // IEquatable<T> of a record says nothing that "record" does not.
    private static bool IsSynthesized(Type type, Type parent) =>
        parent.IsGenericType && parent.GetGenericTypeDefinition() == typeof(IEquatable<>)
        && type.GetMethod("PrintMembers", Declared) is not null;

    private static IEnumerable<string> Members(Type type) =>
    [
        .. type.GetFields(Declared).Where(IsVisible).Where(field => !field.IsSpecialName).Select(Describe),
        .. type.GetConstructors(Declared).Where(IsVisible).Where(IsWritten).Select(constructor => $"{FullNameOf(type)}({Parameters(constructor)})"),
        .. type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(IsVisible)).Where(IsWritten).Select(Describe),
        .. type.GetMethods(Declared).Where(IsVisible).Where(IsWritten).Where(method => !IsAccessor(method)).Select(Describe),
    ];

    private static string Describe(FieldInfo field)
    {
        string value = field.IsLiteral ? " = " + Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture) : "";
        string kind = field.IsLiteral ? "" : field.IsInitOnly ? "readonly " : "mutable ";
        return $"{FullNameOf(field.DeclaringType!)}.{field.Name}: {kind}{(field.DeclaringType!.IsEnum ? "value" : TypeOf(Nullability.Create(field)))}{value}";
    }

    private static string Describe(PropertyInfo property)
    {
        string set = property.SetMethod is { } setter && IsVisible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        string index = property.GetIndexParameters().Length == 0 ? "" : $"[{string.Join(", ", property.GetIndexParameters().Select(Describe))}]";
        return $"{FullNameOf(property.DeclaringType!)}.{property.Name}{index}: {StaticOf(property.GetMethod!)}{TypeOf(Nullability.Create(property))} {{ get;{set} }}";
    }

    private static string Describe(MethodInfo method) =>
        $"{FullNameOf(method.DeclaringType!)}.{method.Name}({Parameters(method)}): {StaticOf(method)}{TypeOf(Nullability.Create(method.ReturnParameter))}";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Describe));

    private static string Describe(ParameterInfo parameter)
    {
        string by = parameter.ParameterType.IsByRef ? parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref " : "";
        string optional = parameter.HasDefaultValue ? " = " + (Convert.ToString(parameter.DefaultValue, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "default") : "";
        return $"{by}{TypeOf(Nullability.Create(parameter))} {parameter.Name}{optional}";
    }

    private static string StaticOf(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string TypeOf(NullabilityInfo info)
    {
        string name = NameOf(info.Type);
        return info.ReadState is NullabilityState.Nullable && !info.Type.IsValueType ? name + "?" : name;
    }

    private static string NameOf(Type type)
    {
        if (type.HasElementType)
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return NameOf(underlying) + "?";
        string name = type.IsNested && !type.IsGenericParameter ? $"{NameOf(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : name;
    }

    private static string FullNameOf(Type type) => $"{type.Namespace}.{NameOf(type)}";

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // What the compiler adds to every record is not worth a line. A getter is its work as well, but not the property.
    private static bool IsWritten(MemberInfo member) => member switch
    {
        PropertyInfo property => property.Name != "EqualityContract",
        _ => !member.IsDefined(typeof(CompilerGeneratedAttribute)),
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;
}
