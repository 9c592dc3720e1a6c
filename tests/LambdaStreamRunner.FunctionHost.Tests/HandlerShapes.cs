using System.Collections.Immutable;
using LambdaStreamRunner.Functions.Tests;

namespace LambdaStreamRunner.FunctionHost.Tests;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html: what is called in process is called the same way here.</summary>
public class HandlerShapes
{
    [Theory]
    [MemberData(nameof(SupportedHandlers.All), MemberType = typeof(SupportedHandlers))]
    public async Task A_handler_is_called_and_its_answer_posted(string handler, string eventJson, string answer)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, handler);

        api.Invoke(eventJson);

        Assert.Equal(new Posted($"/invocation/{SupportedHandlers.RequestId}/response", answer, null), await api.PostedAsync());
    }

    [Fact]
    public async Task What_Annotations_generates_starts_its_services_once_and_opens_a_scope_for_each_invocation()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Annotated::Fixtures.Orders_PriceAsync_Generated::PriceAsync", new HostStart
        {
            Variables = ImmutableDictionary<string, string>.Empty.Add("AWS_EXECUTION_ENV", "AWS_Lambda_dotnet10"),
        });

        api.Invoke("""{"Id":"a1","Amount":3}""");
        api.Invoke("""{"Id":"a2","Amount":4}""");

        const string Rest = "\"Injection\":\"9.0.0.0\",\"Environment\":\"AWS_Lambda_dotnet10_lib/amazon-lambda-annotations#1.0.0.0\"}";
        Assert.Equal($$"""{"Id":"a1","Price":9,"Scope":1,{{Rest}}""", (await api.PostedAsync()).Body);
        Assert.Equal($$"""{"Id":"a2","Price":12,"Scope":2,{{Rest}}""", (await api.PostedAsync()).Body);
    }

    [Theory]
    [InlineData("Handlers::Fixtures.Refused::AsyncVoid", "LambdaValidationException", "is async void, so nobody can know when it ends. Return Task instead.")]
    [InlineData("Handlers::Fixtures.Refused::SerializerNeedsArguments", "LambdaValidationException", "and Lambda passes none. Name a class that derives from it")]
    [InlineData("Handlers::Fixtures.Nowhere::Handle", "LambdaValidationException", "has no type 'Fixtures.Nowhere'")]
    [InlineData("Handlers", "LambdaValidationException", "names only an assembly.")]
    [InlineData("Handlers::Fixtures.FailingConstructor::Handler", "InvalidOperationException", "the constructor of 'Fixtures.FailingConstructor' threw InvalidOperationException: no database")]
    [InlineData("Handlers::Fixtures.FailingWithThread::Handler", "InvalidOperationException", "no database")]
    [InlineData("Handlers::Fixtures.FailingStaticConstructor::Handler", "InvalidOperationException", "TABLE_NAME is not set")]
    public async Task A_function_that_cannot_be_started_says_so_and_the_process_ends(string handler, string errorType, string sentence)
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, handler);

        Posted posted = await api.PostedAsync();
        var error = System.Text.Json.JsonDocument.Parse(posted.Body).RootElement;

        Assert.Equal("/init/error", posted.Path);
        Assert.Equal(errorType, posted.ErrorType);
        Assert.Equal(errorType, error.GetProperty("errorType").GetString());
        Assert.Contains(sentence, error.GetProperty("errorMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal((1, ""), await host.ExitAsync());
    }

    [Fact]
    public async Task What_a_constructor_threw_is_reported_with_its_frames()
    {
        await using var api = await FakeRuntimeApi.StartAsync();
        await using var host = HostProcess.Start(api, "Handlers::Fixtures.FailingConstructor::Handler");

        var error = System.Text.Json.JsonDocument.Parse((await api.PostedAsync()).Body).RootElement;

        Assert.StartsWith("at Fixtures.FailingConstructor..ctor()", error.GetProperty("stackTrace")[0].GetString(), StringComparison.Ordinal);
    }
}
