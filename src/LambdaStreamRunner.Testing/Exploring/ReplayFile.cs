using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LambdaStreamRunner.Core.Histories;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Testing.Choosing;
using LambdaStreamRunner.Testing.Worlds;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>A failure on disk: its history, for people and the verb replay, and what makes it again.</summary>
internal static class ReplayFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    // A file system takes 255 bytes, and a letter may be four of them.
    private const int TestNameMax = 40;

    /// <summary>Writes a failure; an older one of the same test and schedule is replaced.</summary>
    /// <param name="folder">Where to; made when it is not there.</param>
    /// <param name="report">The failure.</param>
    /// <returns>The file, or why it could not be written: a failure that cannot be stored is still one.</returns>
    public static (string? File, string? Problem) Write(string folder, FailureReport report)
    {
        string file = Path.Combine(folder, $"{NameOf(report)}{StreamTest.ReplayFileExtension}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(file, Bytes(report.Test, report.Smallest.Trial));
            return (file, null);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return (null, $"{file} could not be written: {unwritable.Message}");
        }
    }

    // Tests of several classes may have one name, and so may the cases of one: what is tested tells them apart.
    private static string NameOf(FailureReport report)
    {
        string test = report.Test.Length > TestNameMax ? report.Test[..TestNameMax] : report.Test;
        StoredTest tested = StoredTest.Of(report.Found) with { Seed = 0, Choices = [] };
        byte[] scenario = JsonSerializer.SerializeToUtf8Bytes(tested, Options);
        byte[] rest = Encoding.UTF8.GetBytes($"{report.Test} {report.Handler} {report.Found.Scenario.Mapping} {report.Broken.Name}");
        string hash = Convert.ToHexStringLower(SHA256.HashData([.. scenario, .. rest]))[..8];
        return string.Concat($"{test}-{report.Schedule?.ToString() ?? report.Kind}-{hash}".Select(character => char.IsLetterOrDigit(character) || character is '-' or '_' ? character : '_'));
    }

    /// <summary>Reads a failure, or the journal of a run.</summary>
    /// <exception cref="StreamTestException">It cannot be read.</exception>
    public static StoredTest Read(string file, string? mapping)
    {
        History history;
        try
        {
            history = HistoryReader.Read(File.ReadAllBytes(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or HistoryFormatException)
        {
            throw new StreamTestException($"{file} cannot be replayed: {unreadable.Message}", unreadable);
        }
        MappingHistory chosen = Choose(file, history, mapping);
        try
        {
            return history.Test is { } test
                ? JsonSerializer.Deserialize<StoredTest>(test.Span, Options)! with { Mapping = chosen.Mapping }
                : JournalReplay.Of(chosen);
        }
        catch (JsonException unreadable)
        {
            throw new StreamTestException($"{file} cannot be replayed: {unreadable.Message}", unreadable);
        }
    }

    private static MappingHistory Choose(string file, History history, string? name)
    {
        MappingHistory[] fitting = [.. history.Mappings.Where(mapping => name is null || mapping.Mapping.Name == name || mapping.Mapping.Settings.FunctionName == name)];
        if (fitting.Length == 1)
            return fitting[0];
        string names = history.Mappings.IsEmpty ? "none" : string.Join(", ", history.Mappings.Select(mapping => $"\"{mapping.Mapping.Name}\"").Distinct());
        string wanted = name is null ? "needs to be told which mapping" : fitting.Length == 0 ? $"has no mapping \"{name}\"" : $"has several lives of \"{name}\"";
        throw new StreamTestException($"{file} cannot be replayed: it {wanted}. It has {names}; name one: StreamTest.Replay(file, mapping: ...).");
    }

    private static byte[] Bytes(string test, Trial trial)
    {
        TestWorld world = trial.World;
        TestScenario scenario = trial.Scenario;
        var mapping = new HistoryMapping
        {
            Name = test,
            Settings = scenario.Mapping,
            FunctionTimeout = scenario.Function.Timeout,
            OnFailure = scenario.HasDestination ? "the test's destination" : null,
            Retention = scenario.Retention,
            FixedRecordLength = world.Loop.Options.FixedRecordLength,
            FixedWindowLength = world.Loop.Options.FixedWindowLength,
        };
        return HistoryWriter.Write(new History
        {
            Title = $"{test}: {(trial.Broken.IsEmpty ? "nothing is broken" : $"{trial.Broken[0].Name} is broken")}",
            Test = JsonSerializer.SerializeToUtf8Bytes(StoredTest.Of(trial), Options),
            Mappings =
            [
                new MappingHistory(mapping, world.Loop.History.Steps)
                {
                    Findings = [.. trial.Broken.Select(broken => new HistoryFinding(broken.Name, broken.Message, broken.StepIndex, broken.Page))],
                },
            ],
        });
    }
}

/// <summary>What makes a run again, besides the mapping and the handler.</summary>
internal sealed record StoredTest
{
    public long Seed { get; init; }

    public int Shards { get; init; } = 1;

    public bool AssignsLanes { get; init; }

    public bool HasDestination { get; init; }

    public TimeSpan Within { get; init; } = TimeSpan.FromHours(1);

    public FaultPlan Faults { get; init; } = Testing.Faults.None;

    public ImmutableArray<StoredRecord> Records { get; init; } = [];

    /// <summary>What the test did step by step; empty when all was planned.</summary>
    public ImmutableArray<StoredStep> Steps { get; init; } = [];

    /// <summary>The schedule: every choice that is not plain.</summary>
    public Dictionary<string, int> Choices { get; init; } = [];

    /// <summary>When the run began; null for the start of all tests.</summary>
    public DateTimeOffset? Start { get; init; }

    [JsonIgnore]
    public HistoryMapping Mapping { get; init; } = new();

    [JsonIgnore]
    public IReadOnlyDictionary<Choice, int> Schedule => Choices.ToDictionary(choice => Choice.Parse(choice.Key), choice => choice.Value);

    public static StoredTest Of(Trial trial) => new()
    {
        Seed = trial.Seed,
        Shards = trial.Scenario.Shards,
        AssignsLanes = trial.Scenario.AssignsLanes,
        HasDestination = trial.Scenario.HasDestination,
        Within = trial.Scenario.Within,
        Faults = trial.Scenario.Faults,
        Records = [.. trial.Scenario.Records.Select(StoredRecord.Of)],
        Steps = [.. trial.Steps.Select(StoredStep.Of)],
        Choices = trial.Choices.OrderBy(choice => choice.Key.ToString(), StringComparer.Ordinal).ToDictionary(choice => choice.Key.ToString(), choice => choice.Value),
    };

    /// <summary>The scenario again, for a handler.</summary>
    public TestScenario ToScenario(TestScenario handlers) => handlers with
    {
        Mapping = Mapping.Settings,
        Function = handlers.Function with { Timeout = Mapping.FunctionTimeout ?? handlers.Function.Timeout },
        Retention = Mapping.Retention,
        Shards = Shards,
        AssignsLanes = AssignsLanes,
        HasDestination = HasDestination,
        Within = Within,
        Faults = Faults,
        Records = [.. Records.Select(record => record.ToRecord())],
        Start = Start ?? handlers.Start,
    };
}

/// <summary>A record as a file has it.</summary>
internal sealed record StoredRecord(string Key, int Nth, double Milliseconds, byte[] Data, string Label, bool IsPoison, int Id)
{
    public static StoredRecord Of(TestRecord record) =>
        new(record.Key, record.Nth, record.At.TotalMilliseconds, record.Data.ToArray(), record.Label, record.IsPoison, record.Id);

    public TestRecord ToRecord() => new(Key, Nth, TimeSpan.FromMilliseconds(Milliseconds)) { Data = Data, Label = Label, IsPoison = IsPoison, Id = Id };
}

/// <summary>A step of a test as a file has it.</summary>
internal sealed record StoredStep([property: JsonConverter(typeof(JsonStringEnumConverter<TestStepKind>))] TestStepKind Kind, TimeSpan Time, StoredRecord? Record)
{
    public static StoredStep Of(TestStep step) => new(step.Kind, step.Time, step.Record is { } record ? StoredRecord.Of(record) : null);

    public TestStep ToStep() => new(Kind, Time, Record?.ToRecord());
}
