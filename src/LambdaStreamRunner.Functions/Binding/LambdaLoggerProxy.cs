using System.Reflection;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Functions.Binding;

/// <summary>Implements the user's own <c>ILambdaLogger</c>: every method called Log, LogLine or LogLEVEL, with or without arguments.</summary>
internal sealed class LambdaLoggerProxy(FunctionContext facts)
{
    private const string DefaultLevel = "Information";

    /// <summary>Writes one line. A method of another name does nothing.</summary>
    public object? Answer(MethodInfo member, object?[] arguments)
    {
        if (!member.Name.StartsWith("Log", StringComparison.Ordinal))
            return null;

        string? level = member.Name is "Log" or "LogLine" ? null : member.Name["Log".Length..];
        Write(member.GetParameters(), arguments, level);
        return null;
    }

    /// <summary>Sorts the arguments by type: a level (enum, or the first of two texts), an exception, the message, its values.</summary>
    private void Write(ParameterInfo[] parameters, object?[] arguments, string? level)
    {
        bool firstTextIsLevel = level is null && parameters.Count(parameter => parameter.ParameterType == typeof(string)) > 1;
        string? message = null;
        Exception? exception = null;
        object?[] values = [];
        for (int i = 0; i < arguments.Length; i++)
        {
            Type type = parameters[i].ParameterType;
            if (type.IsEnum)
                level = arguments[i]?.ToString();
            else if (type == typeof(string) && firstTextIsLevel)
                (level, firstTextIsLevel) = (arguments[i] as string, false);
            else if (type == typeof(string))
                message = arguments[i] as string;
            else if (type.IsAssignableTo(typeof(Exception)))
                exception = arguments[i] as Exception;
            else if (type == typeof(object[]))
                values = arguments[i] as object?[] ?? [];
        }

        string text = LogTemplate.Fill(message ?? "", values);
        facts.Log(level ?? DefaultLevel, exception is null ? text : $"{text}{Environment.NewLine}{exception}");
    }
}
