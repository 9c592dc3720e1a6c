using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>What cannot be called is refused when it is bound, in a sentence that helps.</summary>
public class RefusedHandlers
{
    [Theory]
    [InlineData("Handlers", "names only an assembly. A class-library handler has the form Assembly::Namespace.Type::Method")]
    [InlineData("Handlers::Fixtures.Signatures", "does not have the form Assembly::Namespace.Type::Method.")]
    [InlineData("Handlers::::Poco", "does not have the form Assembly::Namespace.Type::Method.")]
    public void A_handler_string_has_three_parts(string handler, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FunctionLoadException>(() => HandlerName.Parse(handler)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Fixtures.Signature::Poco", "the assembly 'Handlers' has no type 'Fixtures.Signature'. Did you mean 'Fixtures.Signatures'? Its public classes are 'Fixtures.")]
    [InlineData("Fixtures.Signatures, Handlers::Poco", "the assembly 'Handlers' has no type 'Fixtures.Signatures, Handlers'.")]
    [InlineData("Fixtures.Signatures::Pocco", "has no method 'Pocco'. Did you mean 'Poco'? Its public methods are ")]
    [InlineData("Fixtures.Signatures::Overloaded", "'Fixtures.Signatures' has 2 methods with this name: String Overloaded(String text); String Overloaded(String text, ILambdaContext context). Rename all but one, or give the signature")]
    [InlineData("Fixtures.Refused::AsyncVoid", "void AsyncVoid(Order order) is async void, so nobody can know when it ends. Return Task instead.")]
    [InlineData("Fixtures.Refused::ReturnsValueTask", "returns ValueTask, which Lambda does not await. Return Task instead.")]
    [InlineData("Fixtures.Refused::ReturnsValueTaskOf", "returns ValueTask<Order>, which Lambda does not await. Return Task<Order> instead.")]
    [InlineData("Fixtures.Refused::Generic", "T Generic<T>(T input) is generic")]
    [InlineData("Fixtures.Refused::Three", "takes 3 parameters; a handler takes the event, then Amazon.Lambda.Core.ILambdaContext")]
    [InlineData("Fixtures.Refused::SecondIsNoContext", "takes 'System.Int32' second; the second parameter of a handler is Amazon.Lambda.Core.ILambdaContext.")]
    [InlineData("Fixtures.Refused::TwoContexts", "takes the context twice")]
    [InlineData("Fixtures.Refused::ByReference", "passes something by reference.")]
    [InlineData("Fixtures.Refused::GivesSpan", "passes something by reference.")]
    [InlineData("Fixtures.Refused::Variable", "takes a variable number of arguments.")]
    [InlineData("Fixtures.Refused::NotASerializer", "the serializer 'System.String' does not implement Amazon.Lambda.Core.ILambdaSerializer.")]
    [InlineData("Fixtures.Refused::SerializerFails", "the constructor of the serializer 'Fixtures.FailingSerializer' threw InvalidOperationException: no serializer today (at Fixtures.FailingSerializer..ctor()")]
    [InlineData("Fixtures.Refused::AttributeFails", "an attribute of it or of its assembly threw InvalidOperationException: no attribute today (at Fixtures.FailingAttribute..ctor()")]
    [InlineData("Fixtures.Refused::SerializerNeedsArguments", "the serializer 'Fixtures.ConfiguredSerializer' has no public constructor without parameters, and Lambda passes none. Name a class that derives from it and passes them on: class MySerializer() : ConfiguredSerializer(...).")]
    [InlineData("Fixtures.Refused::SerializerTakesOptions", "the serializer 'Fixtures.OptionalSerializer' has no public constructor without parameters")]
    [InlineData("Fixtures.FailingStaticConstructor::StaticHandler", "the static constructor of 'Fixtures.FailingStaticConstructor' threw InvalidOperationException: TABLE_NAME is not set (at Fixtures.FailingStaticConstructor.Required()")]
    [InlineData("Fixtures.FailingStaticConstructor::Handler", "the static constructor of 'Fixtures.FailingStaticConstructor' threw InvalidOperationException: TABLE_NAME is not set")]
    [InlineData("Fixtures.FailingConstructor::Handler", "the constructor of 'Fixtures.FailingConstructor' threw InvalidOperationException: no database (at Fixtures.FailingConstructor..ctor()")]
    [InlineData("Fixtures.NeedsArguments::Handler", "the class 'Fixtures.NeedsArguments' has no public constructor without parameters")]
    [InlineData("Fixtures.Abstract::Handler", "the class 'Fixtures.Abstract' is abstract")]
    [InlineData("Fixtures.GenericType`1::Handler", "the type 'Fixtures.GenericType`1' is generic")]
    [InlineData("Fixtures.IHandler::Handler", "'Fixtures.IHandler' is neither a class nor a struct.")]
    public void A_handler_that_Lambda_could_not_call_is_refused(string handler, string sentence)
    {
        string message = Assert.Throws<FunctionLoadException>(() => Fixture.Bind($"Handlers::{handler}")).Message;

        Assert.StartsWith($"Handler 'Handlers::{handler}': ", message, StringComparison.Ordinal);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TakesOrder", "Int32 TakesOrder(Order order) needs a serializer for 'Unserialized.Order'")]
    [InlineData("GivesOrder", "Order GivesOrder(Stream input) needs a serializer for 'Unserialized.Order'")]
    [InlineData("TakesText", "void TakesText(String text) needs a serializer for 'System.String'")]
    public void Without_a_serializer_only_streams_are_possible(string method, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FunctionLoadException>(() => Fixture.Bind($"Unserialized::Unserialized.Function::{method}")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_handler_of_streams_needs_no_serializer() =>
        Assert.Equal("[1]", await Fixture.AnswerOf(Fixture.Bind("Unserialized::Unserialized.Function::Echo"), "[1]"));
}
