using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Says that what a handler string names is not there, and what is.</summary>
internal static class HandlerMissing
{
    /// <summary>Names listed in a sentence at most.</summary>
    private const int NamesMax = 10;

    /// <param name="handler">The handler.</param>
    /// <param name="classes">Full names of the assembly's public classes.</param>
    public static FunctionLoadException Type(HandlerName handler, string[] classes) => new(
        $"Handler '{handler}': the assembly '{handler.Assembly}' has no type '{handler.Type}'.{NearestName.Suggest(handler.Type, classes)} Its public classes are {List(classes)}.");

    /// <param name="handler">The handler.</param>
    /// <param name="methods">Names of the type's public methods.</param>
    public static FunctionLoadException Method(HandlerName handler, string[] methods) => new(
        $"Handler '{handler}': the type '{handler.Type}' has no method '{handler.Method}'.{NearestName.Suggest(handler.Method, methods)} Its public methods are {List(methods)}.");

    private static string List(string[] names)
    {
        if (names.Length == 0)
            return "none";
        string listed = string.Join(", ", names.Order(StringComparer.Ordinal).Take(NamesMax).Select(name => $"'{name}'"));
        return names.Length > NamesMax ? $"{listed} and {names.Length - NamesMax} more" : listed;
    }
}
