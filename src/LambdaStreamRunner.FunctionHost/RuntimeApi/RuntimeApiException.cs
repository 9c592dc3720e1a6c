namespace LambdaStreamRunner.FunctionHost.RuntimeApi;

/// <summary>The Runtime API cannot be reached or says something that is not its protocol.</summary>
internal sealed class RuntimeApiException(string message) : Exception(message);
