using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Tests.Binding;

/// <summary>What a handler string names is looked for without loading anything: in the same words as when it is loaded, and nothing is refused that would be found then.</summary>
public class HandlersInMetadata
{
    [Theory]
    [InlineData("Handlers::Fixtures.Signature::Poco")]
    [InlineData("Handlers::Fixtures.Signatures, Handlers::Poco")]
    public void A_type_that_is_not_there(string handler) => Assert.Equal(BindingMessage(handler), MetadataMessage(handler));

    [Fact]
    public void A_method_that_is_not_there() => Assert.Contains(
        "the type 'Fixtures.Signatures' has no method 'Pocco'. Did you mean 'Poco'? Its public methods are ", MetadataMessage("Handlers::Fixtures.Signatures::Pocco"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Whatever_can_be_bound_is_found(string handler)
    {
        var name = HandlerName.Parse(handler);

        HandlerMetadata.Require(Fixture.PathOf(name.Assembly), name);
    }

    [Fact]
    public void A_file_that_is_no_assembly()
    {
        string file = Path.GetTempFileName();
        try
        {
            Assert.EndsWith($"'{Path.GetFileName(file)}' is no .NET assembly.", Assert.Throws<FunctionLoadException>(() => HandlerMetadata.Require(file, HandlerName.Parse("Shop::A::B"))).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static TheoryData<string> Shapes => [.. SupportedHandlers.All.Select(shape => shape.Data.Item1)];

    private static string BindingMessage(string handler) => Assert.Throws<FunctionLoadException>(() => Fixture.Bind(handler)).Message;

    private static string MetadataMessage(string handler)
    {
        var name = HandlerName.Parse(handler);
        return Assert.Throws<FunctionLoadException>(() => HandlerMetadata.Require(Fixture.PathOf(name.Assembly), name)).Message;
    }
}
