using System.Collections.Immutable;
using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Host.Measuring;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Tests.Docs;

/// <summary>The examples of docs/measuring.md are what the program takes.</summary>
public partial class MeasuringPageTests
{
    private static readonly string Page = File.ReadAllText(
        typeof(MeasuringPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "MeasuringPage").Value!);

    [Fact]
    public void Every_expression_is_one()
    {
        string[] expressions = [.. Blocks("expression").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

        Assert.Equal(4, expressions.Length);
        Assert.All(expressions, expression => Assert.Equal(expression, HandlerModelExpression.Write(HandlerModelExpression.Parse(expression))));
    }

    [Fact]
    public void The_file_is_read_and_its_members_are_explained()
    {
        HandlerModelFile? file = HandlerModelFile.Read(Assert.Single(Blocks("json")), out ImmutableArray<string> mistakes);

        Assert.Empty(mistakes);
        Assert.Equal((2, 1.4), (file!.Model.ColdStarts.Length, file.Model.SlowDowns[^1].Factor));
        MatchCollection members = Member().Matches(HandlerModelFile.Write(file.Model, file.MemoryCurve, measured: null));
        Assert.True(members.Count > 8);
        Assert.All(members.Select(member => member.Groups[1].Value).Where(member => member is not "version"), member => Assert.Contains($"`{member}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_is_read_and_fitted()
    {
        ImmutableArray<HandlerMeasurement> table = MeasurementTable.Read(Assert.Single(Blocks("csv")).Split('\n'), out ImmutableArray<string> mistakes);

        Assert.Empty(mistakes);
        HandlerModel model = HandlerFit.Of(table).Model;
        Assert.InRange(model.Fixed.TotalMilliseconds, 19, 22);
        Assert.InRange(model.PerRecord.TotalMilliseconds, 0.9, 1.1);
        Assert.Single(model.ColdStarts);
    }

    [Fact]
    public void Every_command_is_understood()
    {
        var root = new Command("lambda-stream") { MeasureVerb.Create() };

        Assert.All(Blocks("sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)), line => Assert.Empty(root.Parse(line).Errors));
    }

    private static IEnumerable<string> Blocks(string language) =>
        Block().Matches(Page).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);

    [GeneratedRegex("^```(\\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^  \"(\\w+)\"", RegexOptions.Multiline)]
    private static partial Regex Member();
}
