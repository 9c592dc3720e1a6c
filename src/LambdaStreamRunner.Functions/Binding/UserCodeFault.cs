namespace LambdaStreamRunner.Functions.Binding;

/// <summary>The user's code threw while a function was being loaded.</summary>
internal static class UserCodeFault
{
    /// <summary>"WHERE threw TYPE: MESSAGE", with the first of the user's frames.</summary>
    public static FunctionLoadException In(string where, Exception thrown)
    {
        Exception first = thrown;
        while (first is TypeInitializationException && first.InnerException is { } inner)
            first = inner;

        var error = Invoking.FunctionError.From(first);
        string at = error.StackTrace.IsEmpty ? "" : $" ({error.StackTrace[0]})";
        return new FunctionLoadException($"{where} threw {error.ErrorType}: {error.ErrorMessage}{at}", first);
    }
}
