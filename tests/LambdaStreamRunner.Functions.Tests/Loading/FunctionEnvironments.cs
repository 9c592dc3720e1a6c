using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Loading;

namespace LambdaStreamRunner.Functions.Tests.Loading;

public class FunctionEnvironments
{
    [Fact]
    public void Two_functions_that_disagree_about_a_variable_are_named_with_a_way_out()
    {
        KeyValuePair<string, IReadOnlyDictionary<string, string>>[] functions =
        [
            new("a", new Dictionary<string, string> { ["TABLE"] = "x", ["SAME"] = "1" }),
            new("b", new Dictionary<string, string> { ["TABLE"] = "y", ["SAME"] = "1" }),
        ];

        string conflict = Assert.Single(FunctionEnvironment.ConflictsAmong(functions));

        Assert.Equal("The functions 'a' and 'b' give the environment variable TABLE different values, but functions in one process share it. Set \"Hosting\": \"Process\" for one of them.", conflict);
    }

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
