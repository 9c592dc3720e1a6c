using System.Runtime.InteropServices;

namespace LambdaStreamRunner.Runner.Environments;

/// <summary>Whom a file belongs to, which .NET does not tell.</summary>
internal static partial class FileOwner
{
    private const int OfCurrentFolder = -100;                 // AT_FDCWD
    private const int NotThroughLinks = 0x100;                // AT_SYMLINK_NOFOLLOW
    private const uint Owner = 0x8;                           // STATX_UID
    private const int ResultBytes = 256;                      // struct statx, the same on all processors
    private const int OwnerOffset = 20;

    /// <summary>True for a file or folder that belongs to the user of this process. Asked on Linux, where all users may share the folder for temporary files.</summary>
    public static bool IsThisUser(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        Span<byte> result = stackalloc byte[ResultBytes];
        return Look(OfCurrentFolder, path, NotThroughLinks, Owner, result) == 0
            && MemoryMarshal.Read<uint>(result[OwnerOffset..]) == UserId();
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint mask, Span<byte> result);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}
