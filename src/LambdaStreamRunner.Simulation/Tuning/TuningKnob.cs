using System.Collections.Immutable;
using System.Globalization;
using LambdaStreamRunner.Core.Mappings;
using LambdaStreamRunner.Core.Measures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>One thing that can be tuned, with AWS's name of it.</summary>
public sealed class TuningKnob
{
    private readonly Func<SettingGrid, ImmutableArray<int>> _valuesOf;
    private readonly Func<SettingGrid, ImmutableArray<int>, SettingGrid> _with;
    private readonly Func<TunedSetting, int> _valueIn;
    private readonly Func<int, string> _write;

    private TuningKnob(
        string name, int min, int max,
        Func<SettingGrid, ImmutableArray<int>> valuesOf, Func<SettingGrid, ImmutableArray<int>, SettingGrid> with, Func<TunedSetting, int> valueIn, Func<int, string>? write = null) =>
        (Name, Min, Max, _valuesOf, _with, _valueIn, _write) = (name, min, max, valuesOf, with, valueIn, write ?? (value => value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>BatchSize.</summary>
    public static TuningKnob BatchSize { get; } = new("BatchSize", 1, EventSourceMappingLimits.BatchSizeMax,
        grid => grid.BatchSizes, (grid, values) => grid with { BatchSizes = values }, setting => setting.Mapping.BatchSize);

    /// <summary>MaximumBatchingWindowInSeconds.</summary>
    public static TuningKnob Window { get; } = new("MaximumBatchingWindowInSeconds", 0, EventSourceMappingLimits.MaximumBatchingWindowSecondsMax,
        grid => grid.Windows, (grid, values) => grid with { Windows = values }, setting => (int)setting.Mapping.MaximumBatchingWindow.TotalSeconds);

    /// <summary>ParallelizationFactor.</summary>
    public static TuningKnob ParallelizationFactor { get; } = new("ParallelizationFactor", 1, EventSourceMappingLimits.ParallelizationFactorMax,
        grid => grid.ParallelizationFactors, (grid, values) => grid with { ParallelizationFactors = values }, setting => setting.Mapping.ParallelizationFactor);

    /// <summary>ShardCount of the stream.</summary>
    public static TuningKnob Shards { get; } = new("ShardCount", 1, ShardsMax,
        grid => grid.Shards, (grid, values) => grid with { Shards = values }, setting => setting.Shards);

    /// <summary>The consumer: standard (GetRecords) or EFO (enhanced fan-out).</summary>
    public static TuningKnob Consumer { get; } = new("Consumer", 0, 1,
        grid => [.. grid.Consumers.Select(consumer => consumer is PollingMode.Push ? 1 : 0)],
        (grid, values) => grid with { Consumers = [.. values.Select(value => value == 1 ? PollingMode.Push : PollingMode.Aws)] },
        setting => setting.HasEnhancedFanOut ? 1 : 0, value => value == 1 ? EnhancedFanOut : Standard);

    /// <summary>BisectBatchOnFunctionError.</summary>
    public static TuningKnob Bisect { get; } = new("BisectBatchOnFunctionError", 0, 1,
        grid => [.. grid.Bisect.Select(on => on ? 1 : 0)], (grid, values) => grid with { Bisect = [.. values.Select(value => value == 1)] },
        setting => setting.Mapping.BisectBatchOnFunctionError ? 1 : 0, value => value == 1 ? "true" : "false");

    /// <summary>MaximumRetryAttempts.</summary>
    public static TuningKnob RetryAttempts { get; } = new("MaximumRetryAttempts", EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRetryAttemptsMax,
        grid => grid.RetryAttempts, (grid, values) => grid with { RetryAttempts = values }, setting => setting.Mapping.MaximumRetryAttempts);

    /// <summary>MaximumRecordAgeInSeconds.</summary>
    public static TuningKnob RecordAge { get; } = new("MaximumRecordAgeInSeconds", EventSourceMapping.Unlimited, EventSourceMappingLimits.MaximumRecordAgeSecondsMax,
        grid => grid.RecordAges, (grid, values) => grid with { RecordAges = values },
        setting => setting.Mapping.MaximumRecordAge is { } age ? (int)age.TotalSeconds : EventSourceMapping.Unlimited);

    /// <summary>All of them.</summary>
    public static ImmutableArray<TuningKnob> All { get; } = [BatchSize, Window, ParallelizationFactor, Shards, Consumer, Bisect, RetryAttempts, RecordAge];

    /// <summary>Most shards that a search looks at: the default quota of an account in most regions is 200 to 20,000.</summary>
    public const int ShardsMax = 1_000;

    /// <summary>How <see cref="Consumer"/> writes a consumer that reads with GetRecords.</summary>
    public const string Standard = "standard";

    /// <summary>How <see cref="Consumer"/> writes a consumer with enhanced fan-out.</summary>
    public const string EnhancedFanOut = "EFO";

    /// <summary>AWS's name, such as BatchSize; ShardCount and Consumer belong to the stream.</summary>
    public string Name { get; }

    /// <summary>The least that AWS takes.</summary>
    public int Min { get; }

    /// <summary>The most.</summary>
    public int Max { get; }

    /// <summary>Its values in a grid, as it is written.</summary>
    public ImmutableArray<string> ValuesIn(SettingGrid grid) => [.. _valuesOf(grid).Select(_write)];

    /// <summary>Its value in a setting, as it is written.</summary>
    public string ValueIn(TunedSetting setting) => _write(_valueIn(setting));

    /// <summary>The grid with other values of this knob, in ascending order and each once.</summary>
    /// <exception cref="FormatException">A value is not allowed; the message says which are.</exception>
    public SettingGrid With(SettingGrid grid, IEnumerable<string> values) => _with(grid, [.. values.Select(Parse).Distinct().Order()]);

    /// <summary>A setting with another value of this knob.</summary>
    /// <exception cref="FormatException">The value is not allowed; the message says which are.</exception>
    public TunedSetting With(TunedSetting setting, string value) => With(Only(new SettingGrid(), setting), [value]).Settings().Single();

    /// <summary>The settings that differ from one in this knob only, that one included, in ascending order.</summary>
    public ImmutableArray<TunedSetting> Around(SettingGrid grid, TunedSetting setting)
    {
        ImmutableArray<int> values = [.. _valuesOf(grid).Append(_valueIn(setting)).Distinct().Order()];
        return [.. _with(Only(grid, setting), values).Settings()];
    }

    /// <summary>True when two settings have the same value of this knob.</summary>
    public bool IsSameIn(TunedSetting one, TunedSetting other) => _valueIn(one) == _valueIn(other);

    /// <summary>The knob of a name.</summary>
    /// <exception cref="FormatException">There is none; the message names the nearest and all.</exception>
    public static TuningKnob Named(string name) =>
        All.FirstOrDefault(knob => knob.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"'{name}' is no knob; the nearest is {All.MinBy(knob => NearestName.Slips(knob.Name, name))!.Name}. There are: {string.Join(", ", All.Select(knob => knob.Name))}.");

    private static SettingGrid Only(SettingGrid grid, TunedSetting setting) =>
        All.Aggregate(grid with { Base = setting.Mapping }, (made, knob) => knob._with(made, [knob._valueIn(setting)]));

    private int Parse(string text)
    {
        if (_write(Max) is not ("true" or EnhancedFanOut))
        {
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= Min && number <= Max && IsAllowed(number)
                ? number
                : throw new FormatException(FormattableString.Invariant($"{Name} is '{text}'; it takes whole numbers from {Min} to {Max:N0}") + (this == RecordAge ? ", of which −1 is never and the others are at least 60." : "."));
        }
        return _write(0).Equals(text, StringComparison.OrdinalIgnoreCase) ? 0
            : _write(1).Equals(text, StringComparison.OrdinalIgnoreCase) ? 1
            : throw new FormatException($"{Name} is '{text}'; it takes {_write(0)} or {_write(1)}.");
    }

    private bool IsAllowed(int number) => this != RecordAge || number is EventSourceMapping.Unlimited or >= EventSourceMappingLimits.MaximumRecordAgeSecondsMin;
}
