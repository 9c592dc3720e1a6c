using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Tests.Verbs;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Host.Tests.Measuring;

/// <summary>A handler of the odd functions, loaded as the program loads it.</summary>
internal static class OddFunction
{
    public static Task<LoadedFunction> LoadAsync(string handler, TimeSpan? timeout = null) => LoadedFunction.LoadAsync(
        new FunctionConfiguration
        {
            Name = "Odd",
            Arn = "arn:aws:lambda:us-east-1:000000000000:function:Odd",
            CodeUri = Workspace.DllOf("OddFunctions"),
            Handler = $"OddFunctions::OddFunctions.{handler}",
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
        },
        warn: _ => { }, progress: null, TestContext.Current.CancellationToken);
}
