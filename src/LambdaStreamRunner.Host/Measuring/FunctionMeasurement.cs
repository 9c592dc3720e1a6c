using LambdaStreamRunner.Functions;
using LambdaStreamRunner.Host.Terminal;
using LambdaStreamRunner.Host.Verbs;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Runner.Input;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A function of a configuration file on its way from its name to its figures; it complains itself.</summary>
internal sealed class FunctionMeasurement : IAsyncDisposable
{
    private LoadedFunction? _loaded;

    private FunctionMeasurement(FunctionConfiguration configuration, InputConfiguration? input) => (Configuration, Input) = (configuration, input);

    /// <summary>The function's section of the file.</summary>
    public FunctionConfiguration Configuration { get; }

    /// <summary>The records that the file puts onto a stream which the function reads; null when there are none.</summary>
    public InputConfiguration? Input { get; private set; }

    /// <summary>Finds a function; null when file or function are not there, which has been complained about: exit code 2.</summary>
    public static FunctionMeasurement? Find(Screen screen, string file, string name)
    {
        ConfigurationResult read = ConfigurationFile.Read(file, ConfigurationOverrides.None, TimeProvider.System.GetUtcNow());
        ErrorList.WriteWarnings(screen.People, file, Problems.Of(read.Warnings));
        if (!read.IsValid)
        {
            ErrorList.WriteErrors(screen.People, file, Problems.Of(read.Errors));
            return null;
        }
        RunnerConfiguration configuration = read.Configuration;
        FunctionConfiguration? function = configuration.Functions.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (function is null)
        {
            string known = configuration.Functions.IsEmpty ? "it has none" : $"it has {string.Join(", ", configuration.Functions.Select(one => one.Name))}";
            Screen.Complain($"{file} has no function '{name}'; {known}.");
            return null;
        }
        HashSet<string> streams = [.. configuration.Mappings.Where(mapping => mapping.Function.Name == function.Name).Select(mapping => mapping.Stream.Name)];
        return new FunctionMeasurement(function, configuration.Input.FirstOrDefault(input => streams.Contains(input.Stream.Name)));
    }

    /// <summary>Other records than those of the file.</summary>
    public void Use(string file, PartitionKeyExpression partitionKey) =>
        Input = new InputConfiguration(file, Input?.Stream ?? new StreamConfiguration("measured", "arn:aws:kinesis:us-east-1:000000000000:stream/measured", 1), partitionKey);

    /// <summary>The loaded function; null when it cannot be loaded, which has been complained about: exit code 3.</summary>
    public async Task<LoadedFunction?> LoadAsync(CancellationToken cancellation)
    {
        try
        {
            return _loaded ??= await LoadedFunction.LoadAsync(Configuration, Screen.Complain, Console.Error.WriteLine, cancellation);
        }
        catch (Exception wrong) when (wrong is FunctionLoadException or IOException or UnauthorizedAccessException)
        {
            Screen.Complain($"Functions.{Configuration.Name}: {wrong.Message}");
            return null;
        }
    }

    /// <summary>The records to measure with; null when they cannot be read, which has been complained about: exit code 3.</summary>
    public async Task<SampleRecords?> ReadSamplesAsync(CancellationToken cancellation)
    {
        try
        {
            return Input is { } input ? await SampleRecords.ReadAsync(input, cancellation) : SampleRecords.Generate();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Screen.Complain(wrong.Message);
            return null;
        }
    }

    /// <summary>Loads and measures; null with an exit code when that is not possible, which has been complained about.</summary>
    public async Task<(MeasuringResult? Measured, int ExitCode)> MeasureAsync(Screen screen, MeasuringPlan plan, CancellationToken cancellation)
    {
        if (await LoadAsync(cancellation) is not { } function || await ReadSamplesAsync(cancellation) is not { } samples)
            return (null, ExitCodes.CouldNotRun);
        try
        {
            MeasuringResult measured = await MeasuringProgress.ShowAsync(
                screen.People, progress => new HandlerMeasuring(function, samples, plan, TimeProvider.System, progress).RunAsync(cancellation));
            return (ProcessorShare.Remark() is { } busy ? measured with { Notes = [.. measured.Notes, busy] } : measured, ExitCodes.Done);
        }
        catch (HandlerFailsException fails)
        {
            Screen.Complain(fails.Message);
            return (null, ExitCodes.DoneWithLosses);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _loaded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
