namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>What would bring code or settings of functions over HTTP: refused by name, whatever it says.</summary>
internal sealed class FunctionChange(string operation, string method, string path) : LambdaAction(method, path)
{
    public override string Operation => operation;

    public override Task<LambdaAnswer> ExecuteAsync(LambdaRequest request, LambdaService service) =>
        throw LambdaException.InvalidParameter(LambdaTexts.FunctionsAreConfigured(operation));
}
