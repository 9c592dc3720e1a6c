using LambdaStreamRunner.Functions.Building;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Invoking;

namespace LambdaStreamRunner.Runner.Watching;

/// <summary>Looks at the sources of a function before it is built and after: what was edited meanwhile is a change.</summary>
internal sealed class SourceWatch
{
    private readonly FunctionConfiguration _function;
    private readonly FunctionSources _sources;
    private readonly SourceState _before;

    private SourceWatch(FunctionConfiguration function, FunctionSources sources) => (_function, _sources, _before) = (function, sources, sources.Look());

    /// <summary>Looks at the sources now.</summary>
    public static SourceWatch Begin(FunctionConfiguration function) => new(function, SourcesOf(function));

    /// <summary>What the function was made from, now that it was.</summary>
    public WatchedCode End() => new(_function, _sources, _sources.IsProject ? _sources.Look().SeenBefore(_before) : _before);

    /// <summary>Why the sources of a function are not looked at; null when they are.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isDelegate">True when its handler is a delegate of this process.</param>
    /// <param name="isDebugged">True when a debugger is to hold it.</param>
    public static string? WhyNot(FunctionConfiguration function, bool isDelegate, bool isDebugged)
    {
        if (function.Hosting is FunctionHosting.Remote)
            return "its code is elsewhere";
        if (isDelegate)
            return "its code is this program's own";
        if (isDebugged)
            return "its debugger would lose it";
        return function.Hosting is FunctionHosting.InProcess && !FunctionCode.HasProject(function.CodeUri)
            ? "this process has loaded its DLL, which must not be written over. Name its project as CodeUri, or write \"Hosting\": \"Process\""
            : null;
    }

    private static FunctionSources SourcesOf(FunctionConfiguration function) =>
        FunctionSources.Of(function.CodeUri, function.Handler.Split("::")[0].Trim(), function.Layers);
}
