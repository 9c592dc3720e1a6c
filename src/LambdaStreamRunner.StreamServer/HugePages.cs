using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LambdaStreamRunner.StreamServer;

/// <summary>Asks Linux to back memory with huge pages (madvise, MADV_HUGEPAGE). Elsewhere, and where the system says no, nothing happens.</summary>
internal static partial class HugePages
{
    private const int Advice = 14;                            // MADV_HUGEPAGE

    /// <param name="memory">Not written yet. It may move later: this is only about how fast its first writes are.</param>
    public static unsafe void Advise<T>(Span<T> memory)
    {
        if (!OperatingSystem.IsLinux() || memory.IsEmpty)
            return;
        nuint page = (nuint)Environment.SystemPageSize;
        nuint start = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory));
        nuint end = (start + (nuint)memory.Length * (nuint)Unsafe.SizeOf<T>()) & ~(page - 1);
        start = (start + page - 1) & ~(page - 1);
        if (start < end)
            _ = MemoryAdvise(start, end - start, Advice);     // a hint: what it returns changes nothing
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nuint address, nuint length, int advice);
}
