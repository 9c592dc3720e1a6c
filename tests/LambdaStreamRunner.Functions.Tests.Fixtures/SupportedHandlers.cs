namespace LambdaStreamRunner.Functions.Tests;

/// <summary>Every shape of a handler that Lambda calls: the handler, an event, and what it answers to <see cref="RequestId"/>.</summary>
/// <remarks>AWS: <see href="https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html"/>.</remarks>
public static class SupportedHandlers
{
    /// <summary>AwsRequestId of the invocations.</summary>
    public const string RequestId = "request-1";

    /// <summary>The function's name.</summary>
    public const string FunctionName = "orders";

    /// <summary>InvokedFunctionArn of the invocations.</summary>
    public const string InvokedFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders:live";

    private const string Order = """{"id":"a1","AMOUNT":3}""";

    /// <summary>All of them.</summary>
    public static TheoryData<string, string, string> All { get; } = new()
    {
        { "Handlers::Fixtures.Signatures::Poco", Order, """{"Id":"a1","By":"poco"}""" },
        { "Handlers::Fixtures.Signatures::PocoAndContext", Order, $$"""{"Id":"a1","By":"{{RequestId}}"}""" },
        { "Handlers::Fixtures.Signatures::TaskOfPoco", Order, """{"Id":"a1","By":"task"}""" },
        { "Handlers::Fixtures.Signatures::TaskOfPocoAndContext", Order, $$"""{"Id":"a1","By":"{{FunctionName}}"}""" },
        { "Handlers::Fixtures.Signatures::Static", Order, """{"Id":"a1","By":"static"}""" },
        { "Handlers::Fixtures.Signatures::StaticTask", Order, """{"Id":"a1","By":"static task"}""" },
        { "Handlers::Fixtures.Signatures::Void", Order, "" },
        { "Handlers::Fixtures.Signatures::JustTask", Order, "" },
        { "Handlers::Fixtures.Signatures::StreamToStream", Order, Order },
        { "Handlers::Fixtures.Signatures::StreamToTaskOfStream", Order, $"{RequestId} {Order}" },
        { "Handlers::Fixtures.Signatures::StreamToMemoryStream", "123", "03" },
        { "Handlers::Fixtures.Signatures::NoStream", "123", "" },
        { "Handlers::Fixtures.Signatures::Text", "\"hello\"", "\"hello!\"" },
        { "Handlers::Fixtures.Signatures::Number", "41", "42" },
        { "Handlers::Fixtures.Signatures::Nothing", Order, "\"nothing\"" },
        { "Handlers::Fixtures.Signatures::OnlyContext", Order, $"\"{InvokedFunctionArn}\"" },
        { "Handlers::Fixtures.Signatures::OnlyContextTask", Order, $"\"{InvokedFunctionArn}\"" },
        { "Handlers::Fixtures.Signatures::Generated", """{"Id":"a1"}""", """{"Id":"a1","By":"generated"}""" },
        { "Handlers::Fixtures.Signatures::SnakeCase", """{"unit_price":41}""", """{"unit_price":42}""" },
        { "Handlers::Fixtures.Signatures::Internal", Order, """{"Id":"a1","By":"internal"}""" },
        { "Handlers::Fixtures.Signatures::System.String Overloaded(System.String)", "\"hello\"", "\"hello\"" },
        { "Handlers::Fixtures.Derived::Text", "\"hello\"", "\"hello!\"" },
        { "Handlers::Fixtures.GenericBase::HandleAsync", Order, $$"""{"Id":"a1","By":"generic base in {{RequestId}}"}""" },
        { "Handlers::Fixtures.GenericGrandparent::HandleAsync", $"[{Order},{Order}]", "2" },
        { "Handlers::Fixtures.Overriding::Handle", "\"hello\"", "\"hello overridden\"" },
        { "Handlers::Fixtures.OverridesNothing::Handle", "\"hello\"", "\"hello of the base\"" },
        { "Handlers::Fixtures.StructHandler::Text", "\"hello\"", "\"hello of a struct\"" },
        { "Handlers::Fixtures.Abstract::StaticHandler", "\"hello\"", "\"hello\"" },
        { "Unserialized::Unserialized.Function::Echo", "[1]", "[1]" },
        { "Native::Fixtures.Function::Add", "41", "42" },
    };
}
