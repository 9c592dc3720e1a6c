// Starts the real compiler: what it does to files cannot be shown without it. Two builds in all.
using LambdaStreamRunner.Functions.Binding;
using LambdaStreamRunner.Functions.Building;
using Microsoft.Extensions.Time.Testing;

namespace LambdaStreamRunner.Functions.Tests.Building;

public class ProjectBuilding
{
    /// <summary>Any attempt to start this compiler is an error, which shows that one would have been started.</summary>
    private static readonly FunctionBuild NoCompiler = new() { DotnetCommand = "/no/such/dotnet" };

    /// <summary>Stands for a compiler that comes as far as to make its output folder and to write down its inputs.</summary>
    private const string MakesFolders = """
        for argument; do
          case $argument in -p:LambdaStreamInputs=*) mkdir -p "${argument#*=}" ;; esac
          [ "$previous" = -o ] && mkdir -p "$argument" && : >"$(dirname "$0")/made"
          previous=$argument
        done
        """;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_is_built_once_and_again_only_when_something_it_is_made_of_has_changed()
    {
        using var folder = new ProjectFolder();
        var handler = HandlerName.Parse(ProjectFolder.Handler);
        List<string> progress = [];

        string path = await FunctionCode.LocateAsync(folder.CodeUri, handler, new FunctionBuild { Progress = progress.Add }, Stopping);

        Assert.Equal("hello", await Fixture.AnswerOf(HandlerBinder.Bind(path, handler), "{}"));
        Assert.StartsWith(folder.PathOf("Shop/obj/lambda-stream/"), path, StringComparison.Ordinal);
        Assert.Equal("Building Shop (Release).", progress[0]);
        Assert.StartsWith("Built Shop in ", progress[1], StringComparison.Ordinal);

        Assert.Contains(folder.PathOf("Library/Library.csproj"), BuildManifest.Read(folder.PathOf("Shop/obj/lambda-stream"))!.Inputs);
        Assert.Equal(path, await FunctionCode.LocateAsync(folder.CodeUri, handler, NoCompiler, Stopping));
        Assert.Equal(path, await FunctionCode.LocateAsync(folder.PathOf("Shop/Shop.csproj"), handler, NoCompiler, Stopping));
        Assert.Equal(path, await FunctionCode.LocateAsync(Path.GetDirectoryName(path)!, handler, NoCompiler, Stopping));
        Assert.Equal(path, await FunctionCode.LocateAsync(path, handler, NoCompiler, Stopping));

        string message = (await Assert.ThrowsAsync<FunctionLoadException>(() => FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse("Shopp::A::B"), NoCompiler, Stopping))).Message;
        Assert.Equal("The project 'Shop.csproj' does not make 'Shopp.dll', which the handler 'Shopp::A::B' names. Did you mean 'Shop'?", message);

        await NeedsBuildAfter(folder, () => folder.Write("Shop/New.cs", "namespace Shop; public class New;"), () => File.Delete(folder.PathOf("Shop/New.cs")));
        await NeedsBuildAfter(folder, () => File.Move(folder.PathOf("Shop/Spare.cs"), folder.PathOf("Spare.cs")), () => File.Move(folder.PathOf("Spare.cs"), folder.PathOf("Shop/Spare.cs")));
        await NeedsBuildAfter(folder, () => folder.Write("Directory.Packages.props", "<Project />"), () => File.Delete(folder.PathOf("Directory.Packages.props")));
        await NeedsBuildAfter(folder, () => File.SetLastWriteTimeUtc(folder.PathOf("Shop/Function.cs"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
    }

    [Fact]
    public void A_change_in_a_referenced_project_is_seen()
    {
        using var folder = new ProjectFolder();
        string[] inputs = [folder.PathOf("Shop/Shop.csproj"), folder.PathOf("Library/Library.csproj")];
        string before = SourceFingerprint.Of(inputs, "Release");

        folder.Write("Library/Greeter.cs", "changed");

        Assert.NotEqual(before, SourceFingerprint.Of(inputs, "Release"));
        Assert.NotEqual(SourceFingerprint.Of(inputs, "Debug"), SourceFingerprint.Of(inputs, "Release"));
    }

    [Fact]
    public async Task A_lock_that_nobody_can_have_is_not_waited_for()
    {
        using var folder = new ProjectFolder();
        string path = folder.PathOf("no/such/folder/lock");

        FunctionLoadException refused = await Assert.ThrowsAsync<FunctionLoadException>(
            () => BuildLock.AcquireAsync(path, () => Assert.Fail("Nobody has it."), new FakeTimeProvider(), Stopping));

        Assert.StartsWith($"'{path}' cannot be written, so its project cannot be built: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_whose_path_leads_nowhere_is_not_waited_for()
    {
        using var folder = new ProjectFolder();
        string path = folder.PathOf("lock");
        File.CreateSymbolicLink(path, path);

        await Assert.ThrowsAsync<FunctionLoadException>(() => BuildLock.AcquireAsync(path, () => Assert.Fail("Nobody has it."), new FakeTimeProvider(), Stopping));
    }

    [Fact]
    public void What_another_version_has_written_about_a_build_is_as_if_there_were_none()
    {
        using var folder = new ProjectFolder();
        folder.Write("current.json", """{"Folder":"build-1","Fingerprint":null}""");

        Assert.Null(BuildManifest.Read(folder.PathOf("")));
    }

    [Fact]
    public async Task A_build_that_fails_leaves_no_folder_that_would_push_out_one_that_runs()
    {
        using var folder = new ProjectFolder();
        FunctionBuild failing = new() { DotnetCommand = folder.WriteProgram("dotnet", $"{MakesFolders}\nexit 1") };

        await Assert.ThrowsAsync<FunctionLoadException>(() => FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse(ProjectFolder.Handler), failing, Stopping));

        Assert.True(File.Exists(folder.PathOf("made")));
        Assert.Empty(Directory.GetDirectories(folder.PathOf("Shop/obj/lambda-stream")));
    }

    [Fact]
    public async Task A_build_that_is_given_up_has_ended_and_leaves_no_folder()
    {
        using var folder = new ProjectFolder();
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        FunctionBuild endless = new() { DotnetCommand = folder.WriteProgram("dotnet", $"{MakesFolders}\necho $$ >$(dirname $0)/id\nexec sleep 1000") };

        Task building = FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse(ProjectFolder.Handler), endless, givenUp.Token);
        while (!File.Exists(folder.PathOf("id")) || File.ReadAllText(folder.PathOf("id")).Length == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), Stopping);
        await givenUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building);
        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(folder.PathOf("id")), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(Directory.GetDirectories(folder.PathOf("Shop/obj/lambda-stream")));
    }

    [Fact]
    public async Task Errors_of_the_compiler_come_as_one_message()
    {
        using var folder = new ProjectFolder();
        folder.Write("Shop/Function.cs", "namespace Shop; public class Function { public int Handle() => missing; }");

        string message = (await Assert.ThrowsAsync<FunctionLoadException>(
            () => FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse(ProjectFolder.Handler), new FunctionBuild(), Stopping))).Message;

        Assert.Equal(
            $"Building 'Shop.csproj' failed:{Environment.NewLine}  Function.cs(1,64): error CS0103: The name 'missing' does not exist in the current context", message);
    }

    [Fact]
    public async Task A_build_waits_for_the_build_of_another_run()
    {
        using var folder = new ProjectFolder();
        var time = new FakeTimeProvider();
        List<string> progress = [];
        Directory.CreateDirectory(folder.PathOf("Shop/obj/lambda-stream"));
        Task<string> waiting;
        using (new FileStream(folder.PathOf("Shop/obj/lambda-stream/lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            waiting = FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse(ProjectFolder.Handler), NoCompiler with { Progress = progress.Add, Time = time }, Stopping);
            Assert.Equal(["Waiting for another build of Shop."], progress);
            Assert.False(waiting.IsCompleted);
        }

        time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<FunctionLoadException>(() => waiting);
        Assert.Equal("Building Shop (Release).", progress[1]);
    }

    private static async Task NeedsBuildAfter(ProjectFolder folder, Action change, Action? undo = null)
    {
        change();
        string message = (await Assert.ThrowsAsync<FunctionLoadException>(
            () => FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse(ProjectFolder.Handler), NoCompiler, Stopping))).Message;
        Assert.StartsWith("Building 'Shop.csproj' needs the .NET SDK, and '/no/such/dotnet' cannot be started", message, StringComparison.Ordinal);
        if (undo is null)
            return;
        undo();
        await FunctionCode.LocateAsync(folder.CodeUri, HandlerName.Parse(ProjectFolder.Handler), NoCompiler, Stopping);
    }
}
