using System.Globalization;

namespace LambdaStreamRunner.Runner.Environments.Runtimes;

/// <summary>Settings of the garbage collector of a .NET process that takes one event after the other.</summary>
/// <remarks>
/// An event of 100 records is larger than 85,000 bytes, and serializers copy it. As a large object each copy would get fresh pages
/// from the system, and every twentieth one a collection of everything: that takes three times as long as parsing. So events are
/// ordinary objects, and the youngest generation has room for many of them, also where a virtual machine does not tell the size
/// of its caches, from which .NET would reckon. <see href="https://learn.microsoft.com/dotnet/core/runtime-config/garbage-collector"/>.
/// </remarks>
internal static class DotnetCollector
{
    /// <summary>Share of MemorySize that the garbage collector may fill; the rest is for code, threads and what lies outside of its heap.</summary>
    private const double HeapShare = 0.75;

    /// <summary>Objects up to this size are ordinary ones, in bytes.</summary>
    private const long OrdinaryMax = 2 << 20;

    /// <summary>What is allocated between two collections, in bytes.</summary>
    private const long YoungestGeneration = 8 << 20;

    /// <summary>Variables for a process of <paramref name="code"/>. A threshold in its own runtimeconfig.json stays as it is.</summary>
    /// <param name="code">Path of its assembly or program.</param>
    /// <param name="memoryMegabytes">MemorySize.</param>
    public static IEnumerable<(string Name, string Value)> Variables(string code, int memoryMegabytes)
    {
        // Processes that are watched, not confined, would not know their limit otherwise.
        yield return ("DOTNET_GCHeapHardLimit", Hex((long)(memoryMegabytes * HeapShare * (1 << 20))));
        yield return ("DOTNET_GCgen0size", Hex(YoungestGeneration));
        if (RuntimeConfig.Beside(code)?.Sets("System.GC.LOHThreshold") is not true)
            yield return ("DOTNET_GCLOHThreshold", Hex(OrdinaryMax));
    }

    private static string Hex(long bytes) => bytes.ToString("X", CultureInfo.InvariantCulture);
}
