using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Looks into an assembly for the type and the method of a handler, without loading or running anything of it.</summary>
public static class HandlerMetadata
{
    /// <summary>Requires that the method is there. What only loading can tell, as of a base class in another assembly, is left to that.</summary>
    /// <param name="assemblyPath">Full path of the DLL that the handler string names.</param>
    /// <param name="handler">The handler.</param>
    /// <exception cref="FunctionLoadException">It is not there; the message names what is.</exception>
    public static void Require(string assemblyPath, HandlerName handler)
    {
        using FileStream file = File.OpenRead(assemblyPath);
        using var assembly = new PEReader(file);
        if (!IsManaged(assembly))
            throw new FunctionLoadException($"Handler '{handler}': '{Path.GetFileName(assemblyPath)}' is no .NET assembly.");
        Require(assembly.GetMetadataReader(), handler);
    }

    private static bool IsManaged(PEReader assembly)
    {
        try
        {
            return assembly.HasMetadata;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }

    private static void Require(MetadataReader assembly, HandlerName handler)
    {
        TypeDefinition[] named = [.. TypesOf(assembly).Where(type => NameOf(assembly, type) == handler.Type)];
        if (named.Length == 0 && !IsForwarded(assembly, handler.Type))
            throw HandlerMissing.Type(handler, [.. TypesOf(assembly).Where(type => IsPublicClass(assembly, type)).Select(type => NameOf(assembly, type))]);
        bool isSignature = handler.Method.Contains('(', StringComparison.Ordinal);
        if (named.Length > 0 && !isSignature)
            RequireMethod(assembly, named[0], handler);
    }

    private static void RequireMethod(MetadataReader assembly, TypeDefinition type, HandlerName handler)
    {
        List<string> names = [];
        for (TypeDefinition? declaring = type; declaring is { } here;)
        {
            MethodDefinition[] methods = [.. here.GetMethods().Select(assembly.GetMethodDefinition)];
            if (methods.Any(method => assembly.StringComparer.Equals(method.Name, handler.Method)))
                return;
            names.AddRange(methods.Where(IsPublic).Select(method => assembly.GetString(method.Name)));
            if (here.BaseType.Kind is HandleKind.TypeDefinition)
                declaring = assembly.GetTypeDefinition((TypeDefinitionHandle)here.BaseType);
            else if (here.BaseType.IsNil || Is(assembly, here.BaseType, nameof(Object)))
                declaring = null;
            else
                return;                                       // a base class elsewhere may have it
        }
        throw HandlerMissing.Method(handler, [.. names.Distinct()]);
    }

    private static IEnumerable<TypeDefinition> TypesOf(MetadataReader assembly) => assembly.TypeDefinitions.Select(assembly.GetTypeDefinition);

    private static string NameOf(MetadataReader assembly, TypeDefinition type)
    {
        string name = assembly.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
            return $"{NameOf(assembly, assembly.GetTypeDefinition(outer))}+{name}";
        return type.Namespace.IsNil ? name : $"{assembly.GetString(type.Namespace)}.{name}";
    }

    private static bool IsForwarded(MetadataReader assembly, string type) =>
        assembly.ExportedTypes.Select(assembly.GetExportedType).Any(known => $"{assembly.GetString(known.Namespace)}.{assembly.GetString(known.Name)}" == type);

    private static bool IsPublicClass(MetadataReader assembly, TypeDefinition type) =>
        (type.Attributes & TypeAttributes.ClassSemanticsMask) == TypeAttributes.Class
        && !Is(assembly, type.BaseType, nameof(ValueType)) && !Is(assembly, type.BaseType, nameof(Enum))
        && (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic => IsPublicClass(assembly, assembly.GetTypeDefinition(type.GetDeclaringType())),
            _ => false,
        };

    private static bool IsPublic(MethodDefinition method) =>
        (method.Attributes & (MethodAttributes.MemberAccessMask | MethodAttributes.SpecialName)) == MethodAttributes.Public;

    private static bool Is(MetadataReader assembly, EntityHandle type, string nameInSystem)
    {
        if (type.Kind is not HandleKind.TypeReference)
            return false;
        TypeReference reference = assembly.GetTypeReference((TypeReferenceHandle)type);
        return assembly.StringComparer.Equals(reference.Namespace, nameof(System)) && assembly.StringComparer.Equals(reference.Name, nameInSystem);
    }
}
