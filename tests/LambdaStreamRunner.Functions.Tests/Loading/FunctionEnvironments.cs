using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Loading;

namespace LambdaStreamRunner.Functions.Tests.Loading;

public class FunctionEnvironments
{
    [Fact]
    public void A_set_variable_is_there_for_the_function()
    {
        string name = $"FUNCTIONS_{Guid.NewGuid():N}";
        try
        {
            FunctionEnvironment.Set([new(name, "value")]);

            Assert.Equal("value", Environment.GetEnvironmentVariable(name));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Lambdas_own_variables_name_the_function()
    {
        var reserved = FunctionEnvironment.ReservedFor(Fixture.Settings, HandlerName.Parse("A::B::C"), "/code/A.dll");

        Assert.Equal(("A::B::C", "orders", "512", "/code"), (reserved["_HANDLER"], reserved["AWS_LAMBDA_FUNCTION_NAME"], reserved["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], reserved["LAMBDA_TASK_ROOT"]));
    }
}
