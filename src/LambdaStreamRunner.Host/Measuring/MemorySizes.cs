using System.Diagnostics.CodeAnalysis;
using LambdaStreamRunner.Runner.Configuration;
using LambdaStreamRunner.Simulation.Modelling;

namespace LambdaStreamRunner.Host.Measuring;

/// <summary>A model for another MemorySize than the one it was measured at.</summary>
internal static class MemorySizes
{
    /// <summary>What a MemorySize can be, for people.</summary>
    public const string Allowed = "it can be 128 to 10240 MB";

    /// <summary>True for what AWS takes.</summary>
    public static bool IsAllowed(int megabytes) => megabytes is >= FunctionConfiguration.MemorySizeMegabytesMin and <= FunctionConfiguration.MemorySizeMegabytesMax;

    /// <summary>Changes it: with a curve durations change too, without one only what it costs.</summary>
    /// <param name="model">Holds at its own MemorySize.</param>
    /// <param name="memorySize">The other one; null or the same changes nothing.</param>
    /// <param name="curve">How durations change; null when nobody measured that.</param>
    /// <param name="changed">The model at the other one.</param>
    /// <param name="remark">Why not; or what a reader should know; null for nothing.</param>
    public static bool TryChange(HandlerModel model, int? memorySize, MemoryCurve? curve, [NotNullWhen(true)] out HandlerModel? changed, out string? remark)
    {
        (changed, remark) = (model, null);
        if (memorySize is not { } wanted || wanted == model.MemorySize)
            return true;
        if (curve is not null)
            return curve.TryScale(model, wanted, out changed, out remark);
        changed = model with { MemorySize = wanted };
        remark = $"MemorySize {wanted} instead of {model.MemorySize} MB changes the cost only: how durations change is not known. Lambda Power Tuning measures it; give its output to measure --import.";
        return true;
    }
}
