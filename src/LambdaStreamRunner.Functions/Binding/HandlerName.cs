namespace LambdaStreamRunner.Functions.Binding;

/// <summary>A handler string, <c>Assembly::Namespace.Type::Method</c>, in its parts.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html"/>.</remarks>
/// <param name="Assembly">Simple name of the assembly, without .dll.</param>
/// <param name="Type">Full name of the type; a nested type's name follows a plus sign.</param>
/// <param name="Method">Name of the method, or, to tell overloads apart, its signature as reflection prints it.</param>
public sealed record HandlerName(string Assembly, string Type, string Method)
{
    private const string Form = "Assembly::Namespace.Type::Method";

    /// <summary>Reads a handler string.</summary>
    /// <exception cref="FunctionLoadException">It does not have three parts.</exception>
    public static HandlerName Parse(string handler)
    {
        string[] parts = handler.Split("::");
        if (parts.Length == 1)
            throw new FunctionLoadException(
                $"Handler '{handler}' names only an assembly. A class-library handler has the form {Form}; a function that is a program of its own cannot run in process: set its Hosting to Process.");
        if (parts.Length != 3 || parts.Any(string.IsNullOrWhiteSpace))
            throw new FunctionLoadException($"Handler '{handler}' does not have the form {Form}.");

        return new HandlerName(parts[0].Trim(), parts[1].Trim(), parts[2].Trim());
    }

    /// <summary>The handler string.</summary>
    public override string ToString() => $"{Assembly}::{Type}::{Method}";
}
