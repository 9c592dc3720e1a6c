using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Loading;

namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html: every signature that Lambda calls.</summary>
public class HandlerSignatures
{
    private const string Order = """{"id":"a1","AMOUNT":3}""";

    [Theory]
    [InlineData("Poco", Order, """{"Id":"a1","By":"poco"}""")]
    [InlineData("PocoAndContext", Order, """{"Id":"a1","By":"request-1"}""")]
    [InlineData("TaskOfPoco", Order, """{"Id":"a1","By":"task"}""")]
    [InlineData("TaskOfPocoAndContext", Order, """{"Id":"a1","By":"orders"}""")]
    [InlineData("Static", Order, """{"Id":"a1","By":"static"}""")]
    [InlineData("StaticTask", Order, """{"Id":"a1","By":"static task"}""")]
    [InlineData("StreamToStream", Order, Order)]
    [InlineData("StreamToTaskOfStream", Order, "request-1 " + Order)]
    [InlineData("StreamToMemoryStream", "123", "03")]
    [InlineData("NoStream", "123", "")]
    [InlineData("Text", "\"hello\"", "\"hello!\"")]
    [InlineData("Number", "41", "42")]
    [InlineData("Nothing", Order, "\"nothing\"")]
    [InlineData("OnlyContext", Order, "\"arn:aws:lambda:us-east-1:000000000000:function:orders:live\"")]
    [InlineData("OnlyContextTask", Order, "\"arn:aws:lambda:us-east-1:000000000000:function:orders:live\"")]
    [InlineData("Generated", """{"Id":"a1"}""", """{"Id":"a1","By":"generated"}""")]
    [InlineData("Internal", Order, """{"Id":"a1","By":"internal"}""")]
    public async Task A_handler_is_called_and_answers(string method, string eventJson, string answer)
    {
        Assert.Equal(answer, await Fixture.AnswerOf(Fixture.Bind($"Handlers::Fixtures.Signatures::{method}"), eventJson));
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
    public async Task An_inherited_handler_is_found() =>
        Assert.Equal("\"hello!\"", await Fixture.AnswerOf(Fixture.Bind("Handlers::Fixtures.Derived::Text"), "\"hello\""));

    [Fact]
    public async Task A_struct_may_hold_the_handler() =>
        Assert.Equal("\"hello of a struct\"", await Fixture.AnswerOf(Fixture.Bind("Handlers::Fixtures.StructHandler::Text"), "\"hello\""));

    [Fact]
    public async Task A_static_handler_of_an_abstract_class_needs_no_object() =>
        Assert.Equal("\"hello\"", await Fixture.AnswerOf(Fixture.Bind("Handlers::Fixtures.Abstract::StaticHandler"), "\"hello\""));

    [Fact]
    public async Task An_overload_is_chosen_by_its_signature() =>
        Assert.Equal("\"hello\"", await Fixture.AnswerOf(Fixture.Bind("Handlers::Fixtures.Signatures::System.String Overloaded(System.String)"), "\"hello\""));

    [Fact]
    public void The_signature_is_told_as_CSharp_writes_it() =>
        Assert.Equal("Task<Receipt> TaskOfPocoAndContext(Order order, ILambdaContext context)", Fixture.Bind("Handlers::Fixtures.Signatures::TaskOfPocoAndContext").Signature);
}
