using System.Collections.Immutable;

namespace LambdaStreamRunner.StreamServer;

/// <summary>When a stream was encrypted: what tells of each record whether it says so. Nothing is encrypted here.</summary>
/// <param name="Changes">Times at which encryption began and ended, by turns, oldest first.</param>
public readonly record struct EncryptionPeriods(ImmutableArray<DateTimeOffset> Changes)
{
    /// <summary>Never.</summary>
    public static EncryptionPeriods Never { get; } = new([]);

    /// <summary>True when what arrives now is encrypted.</summary>
    private bool IsOn => Changes.Length % 2 == 1;

    /// <summary>Encryption begins or ends now; what nobody can read any more is forgotten.</summary>
    /// <param name="isOn">What holds from now on.</param>
    /// <param name="now">Not before the last change.</param>
    /// <param name="oldest">The arrival of the oldest record that there can be.</param>
    public EncryptionPeriods Change(bool isOn, DateTimeOffset now, DateTimeOffset oldest)
    {
        ImmutableArray<DateTimeOffset> changes = isOn == IsOn ? Changes : Changes.Add(now);
        while (changes.Length > 1 && changes[1] <= oldest)
            changes = changes.RemoveRange(0, 2);
        return new EncryptionPeriods(changes);
    }

    /// <summary>True when a record that arrived then is encrypted.</summary>
    public bool Include(long arrivalMilliseconds)
    {
        int passed = Changes.Length;
        while (passed > 0 && Changes[passed - 1].ToUnixTimeMilliseconds() > arrivalMilliseconds)
            passed--;
        return passed % 2 == 1;
    }
}
