using LambdaStreamRunner.Functions.Binding;

namespace LambdaStreamRunner.Functions.Tests.Loading;

public class FunctionLoading
{
    [Fact]
    public async Task Two_functions_use_different_versions_of_one_dependency_and_of_Amazons_library_side_by_side()
    {
        var older = Fixture.Bind("Handlers::Fixtures.Signatures::Greet");
        var newer = Fixture.Bind("HandlersNewer::Fixtures.Function::Greet");

        Assert.Equal("\"hello from version 1\"", await Fixture.AnswerOf(older, "{}"));
        Assert.Equal("\"hello from version 2\"", await Fixture.AnswerOf(newer, "{}"));
        Assert.Equal("\"hello from version 1\"", await Fixture.AnswerOf(older, "{}"));
    }

    [Fact]
    public async Task Contexts_of_both_versions_work_in_one_process()
    {
        var older = Fixture.Bind("Handlers::Fixtures.Signatures::PocoAndContext");
        var newer = Fixture.Bind("HandlersNewer::Fixtures.Function::ReadNewMembers");

        Assert.Contains("request-1", await Fixture.AnswerOf(newer, "{}"), StringComparison.Ordinal);
        Assert.Contains("request-1", await Fixture.AnswerOf(older, """{"Id":"a"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_assembly_is_named() =>
        Assert.Equal("The assembly '/nowhere/A.dll' does not exist.", Assert.Throws<FunctionLoadException>(() => HandlerBinder.Bind("/nowhere/A.dll", new HandlerName("A", "B", "C"))).Message);

    [Fact]
    public void A_file_that_is_no_assembly_is_named()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.dll");
        File.WriteAllText(path, "not an assembly");
        try
        {
            Assert.Contains("is no .NET assembly", Assert.Throws<FunctionLoadException>(() => HandlerBinder.Bind(path, new HandlerName("A", "B", "C"))).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_dependency_that_is_not_there_is_named()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("functions-");
        try
        {
            string path = Path.Combine(folder.FullName, "Handlers.dll");
            File.Copy(Fixture.PathOf("Handlers"), path);

            string message = Assert.Throws<FunctionLoadException>(() => HandlerBinder.Bind(path, HandlerName.Parse("Handlers::Fixtures.ContextReader::Read"))).Message;

            Assert.Contains("Amazon.Lambda.Core", message, StringComparison.Ordinal);
            Assert.Contains("CopyLocalLockFileAssemblies", message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
