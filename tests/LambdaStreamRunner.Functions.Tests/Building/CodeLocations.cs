using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;

namespace LambdaStreamRunner.Functions.Tests.Building;

/// <summary>What a CodeUri may be, and the sentences for what it may not be.</summary>
public sealed class CodeLocations : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("functions-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_there() => Assert.Equal("CodeUri '/no/such/folder' does not exist.", await Refusal("/no/such/folder"));

    [Fact]
    public async Task A_folder_of_other_assemblies_suggests_the_nearest()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "Orders.dll"), "");

        Assert.Equal($"CodeUri '{_folder.FullName}' holds no project and no 'Order.dll'. Did you mean 'Orders'?", await Refusal(_folder.FullName));
    }

    [Fact]
    public async Task A_file_that_is_neither_project_nor_DLL()
    {
        string path = Path.Combine(_folder.FullName, "order.zip");
        File.WriteAllText(path, "");

        Assert.Equal($"CodeUri '{path}' is neither a project nor a DLL nor a folder of one.", await Refusal(path));
    }

    [Fact]
    public async Task A_DLL_of_another_name()
    {
        string path = Path.Combine(_folder.FullName, "Other.dll");
        File.WriteAllText(path, "");

        Assert.Equal($"CodeUri '{path}' is not the assembly 'Order' that the handler 'Order::A::B' names.", await Refusal(path));
    }

    [Fact]
    public async Task Several_projects_without_one_of_the_assemblys_name()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "A.csproj"), "");
        File.WriteAllText(Path.Combine(_folder.FullName, "B.csproj"), "");

        Assert.Equal($"CodeUri '{_folder.FullName}' holds 2 projects and none is called 'Order': A.csproj, B.csproj. Name one of them.", await Refusal(_folder.FullName));
    }

    [Fact]
    public async Task A_built_folder()
    {
        string folder = Path.GetDirectoryName(Fixture.PathOf("Handlers"))!;

        Assert.Equal(Fixture.PathOf("Handlers"), await Locate(folder, "Handlers::A::B"));
    }

    private static async Task<string> Refusal(string codeUri) => (await Assert.ThrowsAsync<FunctionLoadException>(() => Locate(codeUri, "Order::A::B"))).Message;

    private static Task<string> Locate(string codeUri, string handler) =>
        FunctionCode.LocateAsync(codeUri, HandlerName.Parse(handler), new FunctionBuild(), TestContext.Current.CancellationToken);
}
