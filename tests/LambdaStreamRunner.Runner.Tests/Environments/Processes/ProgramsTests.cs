using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Runner.Environments.Processes;

namespace LambdaStreamRunner.Runner.Tests.Environments.Processes;

public sealed class ProgramsTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _folder = Directory.CreateTempSubdirectory("programs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_name_is_looked_for_on_the_path_and_passes_over_what_is_not_executable()
    {
        string other = Directory.CreateDirectory(Path.Combine(_folder, "other")).FullName;
        File.WriteAllText(Path.Combine(_folder, "tool"), "");
        Write("other/tool", "");
        Assert.Equal(Path.Combine(other, "tool"), Programs.Find("tool", $"{_folder}:{other}", _folder));
    }

    [Fact]
    public void A_path_is_relative_to_the_working_directory()
    {
        Write("bootstrap", "#!/bin/sh\n");
        Assert.Equal(Path.Combine(_folder, "bootstrap"), Programs.Find("./bootstrap", "", _folder));
    }

    [Fact]
    public void A_folder_that_is_missing_is_told() =>
        Refused("sh", "/no/such/folder", "The function's folder /no/such/folder does not exist, so sh cannot run in it: build the function, or correct its path.");

    [Fact]
    public void A_program_that_is_missing_is_told() =>
        Refused("node", _folder, "node is not on the PATH: install it, or add its folder to the PATH of this program or to the function's Environment.");

    [Fact]
    public void A_script_with_windows_line_ends_is_told()
    {
        Write("bootstrap", "#!/bin/sh\r\necho\r\n");
        Refused("./bootstrap", _folder, $"{_folder}/bootstrap has Windows line ends, so its first line #!/bin/sh names no program: save it with line ends of Unix.");
    }

    [Fact]
    public void A_script_whose_interpreter_is_missing_is_told()
    {
        Write("bootstrap", "#! /opt/no/ruby -w\n");
        Refused("./bootstrap", _folder, $"{_folder}/bootstrap begins with #! /opt/no/ruby -w, and /opt/no/ruby does not exist: install it, or change that line.");
    }

    [Fact]
    public void A_file_that_is_not_executable_is_told()
    {
        File.WriteAllText(Path.Combine(_folder, "bootstrap"), "#!/bin/sh\n");
        Refused("./bootstrap", _folder, $"{_folder}/bootstrap is not executable: run chmod +x on it.");
    }

    private static void Refused(string command, string workingDirectory, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<FunctionLoadException>(() => Programs.Find(command, "/no/such/bin", workingDirectory)).Message);

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Executable);
    }
}
