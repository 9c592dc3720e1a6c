namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Environment variables that Lambda sets itself, and refuses in a function's configuration.</summary>
/// <remarks>
/// AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"/>. No role gives a function its
/// credentials here, so those may be set, with a warning; and its region, where nobody else sets it.
/// </remarks>
internal static class ReservedVariables
{
    private static readonly string[] OfTheRole = ["AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

    private static readonly string[] OfTheRegion = ["AWS_REGION", "AWS_DEFAULT_REGION"];

    // Those that begin with an underscore are no names of variables to AWS in the first place.
    private static readonly string[] OfTheEnvironment =
    [
        "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ];

    /// <summary>Why a variable cannot be set; null when it can.</summary>
    public static string? WhyRefused(string name, FunctionHosting hosting)
    {
        if (OfTheEnvironment.Contains(name))
            return "is reserved: Lambda sets it itself, and refuses it here. Use another name.";
        return hosting is FunctionHosting.Process && OfTheRegion.Contains(name)
            ? "is reserved: the runner sets it, to the Region of this file. Leave it out, and write Region."
            : null;
    }

    /// <summary>What is different on AWS for a variable that can be set; null when nothing is.</summary>
    public static string? Warning(string name) =>
        OfTheRole.Contains(name) ? "is set here, but AWS refuses it: there the function's role gives it. Leave it out before you deploy."
        : OfTheRegion.Contains(name) ? "is set here, but AWS refuses it: there Lambda sets it. Leave it out before you deploy."
        : null;
}
