namespace LambdaStreamRunner.Runner.Configuration;

/// <summary>Where the invocations of a function run: the <c>Hosting</c> of a function, which AWS has no name for.</summary>
public enum FunctionHosting
{
    /// <summary>In this process, with its debugger: .NET class libraries only.</summary>
    InProcess,

    /// <summary>In a process for each execution environment, as Lambda does it: any language.</summary>
    Process,

    /// <summary>Elsewhere: invoked over the Lambda API of an endpoint.</summary>
    Remote,
}
