using System.Reflection;
using LambdaStreamRunner.Core.Mappings;

namespace LambdaStreamRunner.Core.Tests.House;

/// <summary>The banned symbols of Core catch what its code uses; this catches what its signatures ask of others.</summary>
public class SignaturesOfCore
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] ForbiddenNamespaces = ["System.IO", "System.Net", "System.Threading"];

    [Fact]
    public void No_signature_waits_looks_at_a_clock_or_does_input_and_output()
    {
        Type[] types = typeof(ShardMachine).Assembly.GetTypes();

        Assert.Contains(types, type => type == typeof(ShardMachine));
        Assert.Empty(types.SelectMany(Offences));
    }

    [Fact]
    public void An_offence_is_seen_wherever_it_stands_in_a_signature() => Assert.Equal(
        [
            "Offender._provider: TimeProvider", "Offender..ctor: CancellationToken", "Offender.Read: Stream",
            "Offender.WaitAsync: Task`1", "Offender.Bytes: Stream", "Offender: IAsyncEnumerable`1",
        ],
        Offences(typeof(Offender)));

    private static IEnumerable<string> Offences(Type type)
    {
        IEnumerable<(string Where, Type Type)> mentioned =
        [
            .. type.GetFields(Declared).Where(field => !field.Name.StartsWith('<')).Select(field => ($".{field.Name}", field.FieldType)),
            .. type.GetConstructors(Declared).SelectMany(Mentioned),
            .. type.GetMethods(Declared).Where(method => !method.IsSpecialName && !method.Name.Contains('.', StringComparison.Ordinal)).SelectMany(Mentioned),
            .. type.GetProperties(Declared).Select(property => ($".{property.Name}", property.PropertyType)),
            .. type.GetInterfaces().Append(type.BaseType ?? typeof(object)).Select(parent => ("", parent)),
        ];
        return mentioned
            .SelectMany(mention => Parts(mention.Type).Where(IsForbidden).Select(part => $"{type.Name}{mention.Where}: {part.Name}"))
            .Distinct();
    }

    private static IEnumerable<(string Where, Type Type)> Mentioned(MethodBase method)
    {
        IEnumerable<Type> types = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (method is MethodInfo { ReturnType: var returned })
            types = types.Append(returned);
        return types.Select(type => ($".{method.Name}", type));
    }

    // A type with all that it is made of: List<Task>[] is a task and a list.
    private static IEnumerable<Type> Parts(Type type)
    {
        IEnumerable<Type> inner = type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments();
        return inner.SelectMany(Parts).Concat(type.HasElementType ? [] : [type]);
    }

    private static bool IsForbidden(Type type) =>
        type == typeof(TimeProvider)
        || type.Name.StartsWith("IAsync", StringComparison.Ordinal)
        || Array.Exists(ForbiddenNamespaces, name => type.Namespace == name || type.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true);

    private sealed class Offender(CancellationToken stopping) : IAsyncEnumerable<int>
    {
        private readonly TimeProvider _provider = TimeProvider.System;

        public Stream? Bytes { get; }

        public static int Read(List<Stream?[]> from) => from.Count;

        public static Task<int>? WaitAsync() => null;

        IAsyncEnumerator<int> IAsyncEnumerable<int>.GetAsyncEnumerator(CancellationToken cancellationToken) =>
            throw new NotSupportedException($"{_provider}{stopping}");
    }
}
