using LambdaStreamRunner.Simulation.Figures;

namespace LambdaStreamRunner.Simulation.Tuning;

/// <summary>What records cost under a setting: list prices, without free tiers and discounts.</summary>
/// <param name="prices">Of the region.</param>
/// <param name="architecture">Of the function.</param>
/// <param name="memorySize">Of the function, in MiB.</param>
/// <param name="recordsPerHour">Of the whole traffic in the mean: an hour of a shard is paid for whether it is busy or not.</param>
public sealed class CostModel(RegionPrices prices, Architecture architecture, int memorySize, double recordsPerHour)
{
    private const double Million = 1_000_000;

    /// <summary>Lambda and enhanced fan-out count in units of 1,024³ bytes.</summary>
    private const double BytesPerGb = 1024.0 * 1024 * 1024;

    private double GbSecond => architecture is Architecture.Arm ? prices.LambdaGbSecondArm : prices.LambdaGbSecondX86;

    /// <summary>The cost of a run, or of a part of one. A part that put nothing costs nothing.</summary>
    public CostPerMillion Of(TunedSetting setting, SimulationFigures figures)
    {
        if (figures.Records == 0)
            return default;
        double scale = Million / figures.Records;
        double shardHours = recordsPerHour > 0 ? setting.Shards * Million / recordsPerHour : 0;
        return new CostPerMillion(
            Requests: figures.Invocations * scale * prices.LambdaMillionRequests / Million,
            Compute: figures.Billed.TotalSeconds * scale * (memorySize / 1024.0) * GbSecond,
            Stream: (shardHours * prices.KinesisShardHour) + (figures.PutUnits * scale * prices.KinesisMillionPutUnits / Million),
            FanOut: setting.HasEnhancedFanOut ? (shardHours * prices.FanOutShardHour) + (figures.Bytes * scale / BytesPerGb * prices.FanOutGb) : 0);
    }
}
