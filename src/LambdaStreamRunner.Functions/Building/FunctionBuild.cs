using System.Diagnostics;

namespace LambdaStreamRunner.Functions.Building;

/// <summary>How projects are built.</summary>
public sealed record FunctionBuild
{
    /// <summary>Configuration that is built.</summary>
    /// <value>Release by default; Debug while a debugger is attached, since break points need code that is not optimized.</value>
    public string Configuration { get; init; } = Debugger.IsAttached ? "Debug" : "Release";

    /// <summary>Receives a line when something is built or waited for; none when everything is up to date.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Times the build and the waiting for another one.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The SDK's command; the one that runs this process if it is that, else the one on the PATH.</summary>
    public string DotnetCommand { get; init; } =
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
}
