using System.Text;
using LambdaStreamRunner.Runner.Configuration;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runner-configuration-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_that_does_not_exist_is_one_error_that_names_the_flag()
    {
        ConfigurationResult result = ReadFile("absent.json");

        Assert.Contains("--config", Assert.Single(result.Errors).Text, StringComparison.Ordinal);
        Assert.False(result.IsValid);
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_refused_before_it_is_read()
    {
        using (FileStream file = File.Create(Path.Combine(_folder.FullName, "large.json")))
            file.SetLength(ConfigurationFile.BytesMax + 1);

        Assert.Contains("larger than", Assert.Single(ReadFile("large.json").Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_the_file_names_and_is_not_there_is_reported_at_once()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "failed"));
        Write("runner.json", """
            { "Streams": { "clicks": {} },
              "Functions": { "AccessLog": { "CodeUri": "code", "Handler": "A::T::M" } },
              "EventSourceMappings": [ { "EventSourceArn": "clicks", "FunctionName": "AccessLog", "StartingPosition": "LATEST",
                "DestinationConfig": { "OnFailure": { "Destination": "file:failed" } } } ],
              "Input": [ { "File": "access.log", "Stream": "clicks", "PartitionKey": "k" },
                         { "File": "failed", "Stream": "clicks", "PartitionKey": "k" } ] }
            """);

        ConfigurationResult result = ReadFile("runner.json");

        Assert.Equal(
            ["Functions.AccessLog.CodeUri", "EventSourceMappings[0].DestinationConfig.OnFailure.Destination", "Input[0].File", "Input[1].File"],
            result.Errors.Select(error => error.Path));
    }

    [Fact]
    public void Code_is_a_folder_or_a_DLL_and_no_other_file()
    {
        Write("code.py", "");
        Write("runner.json", """{ "Functions": { "AccessLog": { "CodeUri": "code.py", "Handler": "A::T::M" } } }""");

        Assert.Contains("a file and no DLL", Assert.Single(ReadFile("runner.json").Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_is_no_dotnet_and_a_layer_are_folders()
    {
        Write("code.py", "");
        Write("runner.json", """
            { "Functions": { "Clicks": { "CodeUri": "code.py", "Runtime": "python3.13", "Handler": "app.handler", "Layers": ["layer", "code.py"] } } }
            """);

        ConfigurationResult result = ReadFile("runner.json");

        Assert.Equal(["Functions.Clicks.CodeUri", "Functions.Clicks.Layers[0]", "Functions.Clicks.Layers[1]"], result.Errors.Select(error => error.Path).Order());
        Assert.Contains("which is a file. Name the folder of the function's code", result.Errors.Single(error => error.Path.EndsWith("CodeUri", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Contains("which is not there. Name a folder", result.Errors.Single(error => error.Path.EndsWith("[0]", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ZIP_archive_is_to_be_unpacked()
    {
        Write("code.zip", "");
        Write("runner.json", """
            {
              "Functions": {
                "Dotnet": { "CodeUri": "code.zip", "Handler": "Shop::Shop.Function::Handle" },
                "Python": { "CodeUri": "code.zip", "Runtime": "python3.13", "Handler": "app.handler", "Layers": ["code.zip"] }
              }
            }
            """);

        ConfigurationResult result = ReadFile("runner.json");

        Assert.Equal(3, result.Errors.Length);
        Assert.All(result.Errors, error => Assert.EndsWith("code.zip', an archive, which is not opened. Unpack it and name the folder, relative to this file.", error.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Paths_are_relative_to_the_file_and_not_to_the_working_directory()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "code"));
        Write("access.log", "a line\n");
        Write("runner.json", """
            { "Streams": { "clicks": {} },
              "Functions": { "AccessLog": { "CodeUri": "code", "Handler": "A::T::M" } },
              "Input": [ { "File": "./access.log", "Stream": "clicks", "PartitionKey": "k" } ] }
            """);

        RunnerConfiguration configuration = ReadFile("runner.json").Configuration!;

        Assert.Equal(Path.Combine(_folder.FullName, "code"), configuration.Functions[0].CodeUri);
        Assert.Equal(Path.Combine(_folder.FullName, "access.log"), configuration.Input[0].File);
    }

    [Fact]
    public void An_empty_object_is_a_configuration_with_nothing_in_it()
    {
        RunnerConfiguration configuration = Valid("{}");

        Assert.Empty(configuration.Streams);
        Assert.Empty(configuration.Functions);
        Assert.Empty(configuration.Mappings);
        Assert.Empty(configuration.Input);
        Assert.Equal(("us-east-1", "000000000000"), (configuration.Region, configuration.AccountId));
    }

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_read_over()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("// first\n{ /* then */ \"Streams\": { \"a\": { \"ShardCount\": 1, }, }, }\n// last")];

        ConfigurationResult result = ConfigurationFile.Parse(json, Folder, ConfigurationOverrides.None, Now);

        Assert.Equal("a", result.Configuration!.Streams[0].Name);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n  \"Streams\": {\n}", 3)]
    [InlineData("{}\n{}", 2)]
    [InlineData("{\n\"Region\": \"\\ud800\" }", 2)]
    public void What_is_not_JSON_is_one_error_with_its_line(string json, int line)
    {
        ConfigurationProblem error = OnlyError(json);

        Assert.Equal(line, error.Line);
        Assert.StartsWith("The file is not JSON", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_one_error()
    {
        ConfigurationResult result = ConfigurationFile.Parse([(byte)'{', (byte)'"', 0xE4, (byte)'"'], Folder, ConfigurationOverrides.None, Now);

        Assert.Contains("UTF-8", Assert.Single(result.Errors).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public void Another_value_than_an_object_is_one_error(string json) =>
        Assert.Contains("write an object", OnlyError(json).Text, StringComparison.Ordinal);

    private ConfigurationResult ReadFile(string name) =>
        ConfigurationFile.Read(Path.Combine(_folder.FullName, name), ConfigurationOverrides.None, Now);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
