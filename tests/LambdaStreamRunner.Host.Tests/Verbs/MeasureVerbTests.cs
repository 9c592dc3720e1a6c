using System.Text.Json;

namespace LambdaStreamRunner.Host.Tests.Verbs;

public sealed class MeasureVerbTests : IDisposable
{
    private const string Paced = "OddFunctions::OddFunctions.Paced::";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_function_is_measured_and_its_model_can_be_used()
    {
        string config = _workspace.Configure(Paced + "Sleep");

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(
            _workspace, "measure", "--config", config, "--function", "clicks", "--batch-sizes", "1,10,50", "--concurrency", "1,2", "--budget", "3s", "--out", "clicks.model.json");

        Assert.True(exitCode == 0, output + error);
        Assert.Matches(@"Handler model: \d", output);
        Assert.Contains("Error of the fit: worst batch size ", output, StringComparison.Ordinal);
        Assert.Contains("Beside others: 1", output, StringComparison.Ordinal);
        Assert.Contains("Cold start: ", output, StringComparison.Ordinal);
        Assert.Contains("●", output, StringComparison.Ordinal);
        Assert.Contains("generated JSON records of 200 B (name real ones with --input)", output, StringComparison.Ordinal);
        JsonElement model = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_workspace.PathOf("clicks.model.json"), TestContext.Current.CancellationToken));
        // 20 ms and 1 ms for each record are slept; how well they are found is a matter of HandlerFitTests, and on a loaded machine they take longer.
        Assert.InRange(model.GetProperty("fixedMs").GetDouble(), 10, 1_000);
        Assert.InRange(model.GetProperty("perRecordMs").GetDouble(), 0.05, 50);
        Assert.Equal(30, model.GetProperty("timeoutSeconds").GetDouble());
    }

    [Fact]
    public async Task Under_json_there_is_one_document()
    {
        string config = _workspace.Configure(Paced + "FailAtBad");
        string input = _workspace.WriteLines("input.txt", Enumerable.Range(1, 50).Select(n => n == 7 ? "bad one" : $"good {n}"));

        (int exitCode, string json, string error) = await LambdaStream.RunAsync(
            _workspace, "measure", "--config", config, "--function", "Clicks", "--batch-sizes", "1,10", "--concurrency", "1", "--budget", "1", "--input", input, "--partition-key", "/(\\d+)/", "--json");

        Assert.True(exitCode == 0, error);
        JsonElement document = JsonSerializer.Deserialize<JsonElement>(json);
        Assert.Equal("Clicks", document.GetProperty("function").GetString());
        Assert.Equal(1, document.GetProperty("model").GetProperty("version").GetInt32());
        Assert.Equal(2, document.GetProperty("model").GetProperty("fit").GetProperty("sizes").GetArrayLength());
    }

    [Fact]
    public async Task A_function_that_always_fails_ends_with_1_and_its_exception()
    {
        string config = _workspace.Configure(Paced + "AlwaysFail");

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, "measure", "--config", config, "--function", "Clicks", "--budget", "5s");

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Contains("Function 'Clicks' fails at every record it was given", error, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: The table does not exist.", error, StringComparison.Ordinal);
        Assert.Contains("Paced.AlwaysFail", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_that_was_measured_elsewhere_is_fitted()
    {
        _workspace.WriteLines("measured.csv", ["batchSize,durationMs", .. new[] { 1, 10, 100 }.Select(size => FormattableString.Invariant($"{size},{20 + size}"))]);

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(_workspace, "measure", "--import", "measured.csv", "--memory-size", "512", "--out", "model.json");

        Assert.True(exitCode == 0, error);
        Assert.Contains("Handler model: 20ms + 1ms/record", output, StringComparison.Ordinal);
        Assert.Contains("\"memorySize\": 512", await File.ReadAllTextAsync(_workspace.PathOf("model.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_imported_is_not_measured_and_options_of_a_measurement_did_nothing()
    {
        _workspace.WriteLines("measured.csv", ["batchSize,durationMs", "1,20"]);

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "measure", "--import", "measured.csv", "--budget", "1s", "--batch-sizes", "1,2");
        (_, string output, _) = await LambdaStream.RunAsync(_workspace, "measure", "--import", "measured.csv");
        (int outExitCode, _, string outError) = await LambdaStream.RunAsync(_workspace, "measure", "--import", "measured.csv", "--out", "nowhere/model.json");

        Assert.Equal((2, 2), (exitCode, outExitCode));
        Assert.Contains("--batch-sizes is about a measurement", error, StringComparison.Ordinal);
        Assert.Contains("--budget is about a measurement", error, StringComparison.Ordinal);
        Assert.Contains("one batch size only", output, StringComparison.Ordinal);
        Assert.Contains("--out: the folder of 'nowhere/model.json' does not exist", outError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_fit_is_warned_of()
    {
        _workspace.WriteLines("measured.csv", ["batchSize,durationMs", .. new[] { 1, 10, 100, 1000 }.Select(size => FormattableString.Invariant($"{size},{size * size / 10.0}"))]);

        (_, string output, _) = await LambdaStream.RunAsync(_workspace, "measure", "--import", "measured.csv");

        Assert.Contains("Warning: a fixed part and a part per record do not describe this function well (off by ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Power_Tuning_alone_is_no_model()
    {
        string file = _workspace.Write("power.json", """{"results":{"stats":[{"averageDuration":8,"value":128},{"averageDuration":4,"value":256}]}}""");

        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "measure", "--import", file);

        Assert.Equal(2, exitCode);
        Assert.Contains("says how one payload changes with the memory size, and not what a batch or a record costs. Add --function NAME", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Power_Tuning_scales_what_was_measured()
    {
        string file = _workspace.Write("power.json", """{"results":{"stats":[{"averageDuration":8000,"value":128},{"averageDuration":80,"value":256}]}}""");
        string config = _workspace.Configure(Paced + "Sleep");

        (int exitCode, string output, string error) = await LambdaStream.RunAsync(
            _workspace, "measure", "--config", config, "--function", "Clicks", "--batch-sizes", "1,20", "--concurrency", "1", "--budget", "1s", "--import", file, "--memory-size", "256", "--out", "model.json");

        Assert.True(exitCode == 0, output + error);
        JsonElement model = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(_workspace.PathOf("model.json"), TestContext.Current.CancellationToken));
        Assert.InRange(model.GetProperty("fixedMs").GetDouble(), 0.1, 9);         // a hundredth of the 20 ms and more that it takes here, at 128 MB
        Assert.Equal((256, 2), (model.GetProperty("memorySize").GetInt32(), model.GetProperty("memoryCurve").GetArrayLength()));
    }

    [Fact]
    public async Task Every_mistake_of_the_command_line_is_told_at_once()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(
            _workspace, "measure", "--batch-sizes", "0", "--concurrency", "x", "--budget", "never", "--input", "nowhere.txt", "--memory-size", "5", "--timeout", "0");

        Assert.Equal(2, exitCode);
        foreach (string mistake in (string[])["measure needs --function", "--batch-sizes is '0'", "--concurrency is 'x'", "--budget is 'never'", "go together", "nowhere.txt", "--memory-size is 5", "--timeout is 0"])
            Assert.Contains(mistake, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_is_not_there_is_told_with_those_that_are()
    {
        (int exitCode, _, string error) = await LambdaStream.RunAsync(_workspace, "measure", "--config", _workspace.Configure("Succeed"), "--function", "Klicks");

        Assert.Equal(2, exitCode);
        Assert.Contains("has no function 'Klicks'; it has Clicks.", error, StringComparison.Ordinal);
    }
}
