using LambdaStreamRunner.FunctionHost.RuntimeApi;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.FunctionHost;

/// <summary>Tells the Runtime API why a function cannot be started.</summary>
internal static class InitFailure
{
    /// <summary>What Amazon's runtime calls a handler that is not there or has the wrong shape.</summary>
    public const string InvalidHandler = "LambdaValidationException";

    /// <summary>The exit code of an environment that could not start.</summary>
    private const int ExitCode = 1;

    /// <summary>Reports the failure; answers the exit code.</summary>
    public static int Report(RuntimeApiClient api, FunctionLoadException failed)
    {
        api.PostInitError(ErrorOf(failed));
        return ExitCode;
    }

    /// <summary>The type and the frames are those of what the user's code threw, the sentence is ours: it says where.</summary>
    private static FunctionError ErrorOf(FunctionLoadException failed)
    {
        if (failed.InnerException is not { } thrown)
            return new FunctionError(InvalidHandler, failed.Message, []);

        var error = FunctionError.From(thrown);
        return error with { ErrorMessage = failed.Message };
    }
}
