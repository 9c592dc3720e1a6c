using LambdaStreamRunner.FunctionHost;
using LambdaStreamRunner.FunctionHost.RuntimeApi;
using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Invoking;

// Not by returning: threads that the function has left running would hold the process.
Environment.Exit(Run(args));

static int Run(string[] args)
{
    if (args is not [string assemblyPath])
        return Refuse("It takes one argument, the full path of the function's DLL.");
    if (HostVariables.RuntimeApi is not { } address)
        return Refuse("AWS_LAMBDA_RUNTIME_API names no Runtime API, as in 127.0.0.1:9001. Functions of this kind are started by lambda-stream.");

    DebuggerWait.UntilAttachedIfAskedFor();
    using var api = new RuntimeApiClient(address);
    try
    {
        return InitAndInvoke(api, assemblyPath);
    }
    catch (RuntimeApiException lost)
    {
        return Refuse(lost.Message);
    }
}

static int InitAndInvoke(RuntimeApiClient api, string assemblyPath)
{
    BoundFunction function;
    try
    {
        function = HandlerBinder.Bind(assemblyPath, HandlerName.Parse(HostVariables.Handler));
    }
    catch (FunctionLoadException failed)
    {
        return InitFailure.Report(api, failed);
    }

    new InvocationLoop(api, function, HostVariables.Settings()).Run();
    return 0;
}

static int Refuse(string sentence)
{
    Console.Error.WriteLine($"LambdaStreamRunner.FunctionHost: {sentence}");
    return 1;
}
