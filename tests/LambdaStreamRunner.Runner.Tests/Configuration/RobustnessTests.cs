using System.Text;
using CsCheck;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Configuration.Sections;
using static LambdaStreamRunner.Runner.Tests.Configuration.ConfigurationText;

namespace LambdaStreamRunner.Runner.Tests.Configuration;

/// <summary>Whatever is in the file: a model or errors, never both, never neither, never an exception.</summary>
public class RobustnessTests
{
    private static readonly string[] OddValues = ["null", "true", "-7", "1e999", "0.5", "\"\"", "\"x\"", "\"\\u0000\"", "[]", "[null]", "{}", "{ \"x\": [ {} ] }"];

    public static TheoryData<string, string> EverySetting =>
    [
        .. RootSection.Names.Accepted.Select(name => ("{0}", name)),
        .. StreamsSection.Names.Accepted.Select(name => ("{{ \"Streams\": {{ \"s\": {0} }} }}", name)),
        .. FunctionsSection.Names.Accepted.Select(name => ("{{ \"Functions\": {{ \"f\": {0} }} }}", name)),
        .. FunctionsSection.EnvironmentNames.Accepted.Select(name => ("{{ \"Functions\": {{ \"f\": {{ \"Environment\": {0} }} }} }}", name)),
        .. MappingsSection.Names.Accepted.Select(name => ("{{ \"EventSourceMappings\": [ {0} ] }}", name)),
        .. InputSection.Names.Accepted.Select(name => ("{{ \"Input\": [ {0} ] }}", name)),
    ];

    [Theory]
    [MemberData(nameof(EverySetting))]
    public void Any_setting_may_have_any_kind_of_value(string around, string name)
    {
        foreach (string value in OddValues)
            AssertModelOrErrors(Encoding.UTF8.GetBytes(string.Format(null, around, $"{{ \"{name}\": {value} }}")));
    }

    [Fact]
    public void Any_bytes_of_the_sample_may_be_overwritten()
    {
        byte[] sample = File.ReadAllBytes(RepositoryFile.Path("config/runner.json"));
        Gen<byte> character = Gen.OneOf(Gen.Byte, Gen.Char["{}[],:\"\\/0-. \n"].Select(c => (byte)c));
        Gen.Select(Gen.Int[0, sample.Length - 1], character).Array[1, 4].Sample(edits =>
        {
            byte[] edited = [.. sample];
            foreach ((int at, byte value) in edits)
                edited[at] = value;
            AssertModelOrErrors(edited);
        }, iter: 2000);
    }

    private static void AssertModelOrErrors(byte[] json)
    {
        ConfigurationResult result = ConfigurationFile.Parse(json, Folder, ConfigurationOverrides.None, Now);

        Assert.Equal(result.Errors.IsEmpty, result.IsValid);
        Assert.All(result.Errors, error => Assert.Matches("[.?]$", error.Text));
    }
}
