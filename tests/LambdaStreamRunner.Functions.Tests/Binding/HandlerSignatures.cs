using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Loading;

namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html: every signature that Lambda calls.</summary>
/// <remarks>The tests of FunctionHost call the same handlers in processes of their own.</remarks>
public class HandlerSignatures
{
    private const string Order = """{"id":"a1","AMOUNT":3}""";

    [Theory]
    [MemberData(nameof(SupportedHandlers.All), MemberType = typeof(SupportedHandlers))]
    public async Task A_handler_is_called_and_answers(string handler, string eventJson, string answer)
    {
        Assert.Equal(answer, await Fixture.AnswerOf(Fixture.Bind(handler), eventJson));
    }

    [Theory]
    [InlineData("Void", "void a1")]
    [InlineData("JustTask", "task a1")]
    public async Task A_handler_without_an_answer_has_run_when_the_call_has_ended(string method, string seen)
    {
        var assembly = FunctionLoadContext.Load(Fixture.PathOf("Handlers"));
        var function = HandlerBinder.Bind(assembly, HandlerName.Parse($"Handlers::Fixtures.Signatures::{method}"));

        Assert.Equal("", await Fixture.AnswerOf(function, Order));

        Assert.Equal(seen, assembly.GetType("Fixtures.Signatures")!.GetMethod("TakeSeen")!.Invoke(null, null));
    }

    [Fact]
    public async Task What_Annotations_generates_starts_its_services_once_and_opens_a_scope_for_each_invocation()
    {
        var function = Fixture.Bind("Annotated::Fixtures.Orders_PriceAsync_Generated::PriceAsync");

        string first = await Fixture.AnswerOf(function, """{"Id":"a1","Amount":3}""");
        string second = await Fixture.AnswerOf(function, """{"Id":"a2","Amount":4}""");

        Assert.StartsWith("""{"Id":"a1","Price":9,"Scope":1,"Injection":"9.0.0.0","Environment":""", first, StringComparison.Ordinal);
        Assert.EndsWith("""lib/amazon-lambda-annotations#1.0.0.0"}""", first, StringComparison.Ordinal);
        Assert.StartsWith("""{"Id":"a2","Price":12,"Scope":2,""", second, StringComparison.Ordinal);
    }

    [Fact]
    public void The_signature_is_told_as_CSharp_writes_it() =>
        Assert.Equal("Task<Receipt> TaskOfPocoAndContext(Order order, ILambdaContext context)", Fixture.Bind("Handlers::Fixtures.Signatures::TaskOfPocoAndContext").Signature);
}
