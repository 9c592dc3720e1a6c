namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>What kind of program a <c>Runtime</c> runs.</summary>
public enum RuntimeFamily
{
    /// <summary>A .NET class library, or an executable assembly.</summary>
    Dotnet,

    /// <summary>JavaScript.</summary>
    Nodejs,

    /// <summary>Python.</summary>
    Python,

    /// <summary>A program of any kind, named bootstrap.</summary>
    Provided,
}
