using LambdaStreamRunner.Functions.Invoking;

namespace LambdaStreamRunner.Runner.Environments.RuntimeApi;

/// <summary>What a runtime can say to Lambda. Called from any thread.</summary>
internal interface IRuntimeCalls
{
    /// <summary>The runtime is ready for an invocation, and waits for one.</summary>
    /// <param name="hasHungUp">Tells whether the connection of the call has been closed from the other side, a little before <paramref name="gone"/> does.</param>
    /// <param name="gone">Fires when the server has heard that the connection is gone.</param>
    /// <exception cref="RuntimeCallException">It has not answered the one before.</exception>
    Task<RuntimeInvocation> NextAsync(Func<bool> hasHungUp, CancellationToken gone);

    /// <summary>The handler returned.</summary>
    /// <exception cref="RuntimeCallException">That invocation does not wait for an answer.</exception>
    void Respond(string requestId, FunctionResult result);

    /// <summary>The handler's code could not be initialized.</summary>
    /// <exception cref="RuntimeCallException">It was initialized already.</exception>
    void FailInit(FunctionError error);
}

/// <summary>A call that a runtime must not make now.</summary>
/// <param name="status">HTTP status of the answer.</param>
/// <param name="errorType">AWS's name for the mistake.</param>
/// <param name="message">What is wrong, for the author of the runtime.</param>
internal sealed class RuntimeCallException(int status, string errorType, string message) : Exception(message)
{
    public int Status => status;

    public string ErrorType => errorType;

    public static RuntimeCallException UnknownId(string requestId) =>
        new(400, "InvalidRequestID", $"'{requestId}' is no invocation of this environment.");

    public static RuntimeCallException WrongState(string what) => new(403, "InvalidStateTransition", what);
}
