using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;

namespace LambdaStreamRunner.Functions.Invoking;

/// <summary>What a handler threw, in the three parts that Lambda reports.</summary>
/// <param name="ErrorType">Name of the exception's type without its namespace, or a Lambda name such as <c>Function.ResponseSizeTooLarge</c>.</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">The handler's own frames, innermost first; the runner's are left out.</param>
/// <param name="Cause">The inner exception; at most <see cref="CausesMax"/> deep.</param>
public sealed record FunctionError(string ErrorType, string ErrorMessage, ImmutableArray<string> StackTrace, FunctionError? Cause = null)
{
    /// <summary>How many inner exceptions are followed.</summary>
    public const int CausesMax = 8;

    /// <summary>Stack frames kept per exception: a deep recursion should not fill the journal.</summary>
    public const int FramesMax = 100;

    /// <summary>The error behind the wrappers that reflection and tasks put around it.</summary>
    public static FunctionError From(Exception exception) => From(exception, CausesMax);

    /// <summary>Type, message and frames as .NET prints an exception.</summary>
    public override string ToString()
    {
        string text = string.Join(Environment.NewLine, [$"{ErrorType}: {ErrorMessage}", .. StackTrace]);
        return Cause is null ? text : $"{text}{Environment.NewLine}---> {Cause}";
    }

    private static FunctionError From(Exception exception, int causes)
    {
        Exception thrown = Unwrapped(exception);
        FunctionError? cause = thrown.InnerException is { } inner && causes > 0 ? From(inner, causes - 1) : null;
        return new FunctionError(thrown.GetType().Name, MessageOf(thrown), FramesOf(thrown), cause);
    }

    /// <summary>A message of the user's own may throw itself, and must not hide what was thrown.</summary>
    private static string MessageOf(Exception thrown)
    {
        try
        {
            return thrown.Message;
        }
#pragma warning disable CA1031 // Whatever it is, the type and the frames are still worth telling.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            return $"The message of {thrown.GetType().Name} cannot be read: it throws {unreadable.GetType().Name}.";
        }
    }

    private static Exception Unwrapped(Exception exception)
    {
        while (exception is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } && exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }

    private static ImmutableArray<string> FramesOf(Exception exception)
    {
        StackFrame[] frames = new StackTrace(exception, fNeedFileInfo: true).GetFrames();
        IEnumerable<StackFrame> own = frames.Take(HandlersOwn(frames)).Where(frame => !IsHidden(frame)).Take(FramesMax);
        string text = new StackTrace(own).ToString();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("---", StringComparison.Ordinal))];
    }

    /// <summary>
    /// How many of the frames, innermost first, are the handler's: below it lie the compiled call, which belongs to no type, and
    /// this assembly. Code that the handler has compiled itself belongs to no type either.
    /// </summary>
    private static int HandlersOwn(StackFrame[] frames)
    {
        int ours = Array.FindIndex(frames, frame => frame.GetMethod()?.Module.Assembly == typeof(FunctionError).Assembly);
        if (ours < 0)
            return frames.Length;
        while (ours > 0 && frames[ours - 1].GetMethod() is { DeclaringType: null })
            ours--;
        return ours;
    }

    /// <summary>The machinery of await, which .NET leaves out as well.</summary>
    private static bool IsHidden(StackFrame frame) =>
        frame.GetMethod() is { DeclaringType: { } type } method
        && (method.IsDefined(typeof(StackTraceHiddenAttribute), inherit: false) || type.IsDefined(typeof(StackTraceHiddenAttribute), inherit: false));
}
