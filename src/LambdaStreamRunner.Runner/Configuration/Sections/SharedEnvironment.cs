using System.Text.RegularExpressions;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Variables of functions; those of in-process functions share the environment of this process: one name, one value.</summary>
internal sealed partial class SharedEnvironment(Problems problems)
{
    private readonly Dictionary<string, (string Function, string Value)> _taken = new(StringComparer.Ordinal);

    /// <summary>The variable's value, or null after saying what is wrong with it.</summary>
    public string? Take(string function, FunctionHosting hosting, JsonMember variable)
    {
        if (!Name().IsMatch(variable.Name))
            problems.Error(variable.Value, "is not a variable's name; begin with a letter, and use at least two letters, digits and '_'.");
        else if (ReservedVariables.WhyRefused(variable.Name, hosting) is { } reserved)
            problems.Error(variable.Value, reserved);
        else if (ReservedVariables.Warning(variable.Name) is { } warning)
            problems.Warning(variable.Value, warning);
        if (variable.Value is not JsonValue.Text { Value: string value })
        {
            problems.Error(variable.Value, $"is {variable.Value.Quoted}; write a text in quotes.");
            return null;
        }
        if (value.Contains('\0'))
        {
            problems.Error(variable.Value, "holds a NUL character, which no environment variable can. Remove it.");
            return null;
        }

        if (hosting is not FunctionHosting.InProcess || _taken.TryAdd(variable.Name, (function, value)) || _taken[variable.Name].Value == value)
            return value;
        (string other, string otherValue) = _taken[variable.Name];
        problems.Error(
            variable.Value,
            $"is \"{value}\", but Functions.{other} sets it to \"{otherValue}\": functions in this process share one environment. " +
            "Give both the same value, use two names, or give one of them processes of its own with \"Hosting\": \"Process\".");
        return null;
    }

    /// <summary>AWS's pattern of the names.</summary>
    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_]+\z")]
    private static partial Regex Name();
}
