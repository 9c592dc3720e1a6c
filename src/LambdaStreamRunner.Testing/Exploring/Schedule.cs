using System.Globalization;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>How one schedule makes its choices: the plain one, any, by priorities, or along one path of all.</summary>
/// <param name="Mode">How.</param>
/// <param name="Seed">Decides.</param>
internal readonly record struct Schedule(ScheduleMode Mode, ulong Seed)
{
    private const int DepthMax = 3;
    private const int MomentsExpected = 100;

    /// <summary>Seed of the world's ids and sequence numbers: it follows from the schedule alone, so that a schedule is the same run wherever it is named.</summary>
    public long WorldSeed => (long)Mixing.Mix(Seed ^ (ulong)Mode);

    /// <summary>Choices for one run.</summary>
    public Chooser CreateChooser() => Mode switch
    {
        ScheduleMode.Plain => new ReplayChooser(),
        ScheduleMode.Priorities => new PriorityChooser(Seed, 1 + (int)(Seed % DepthMax), MomentsExpected),
        _ => new RandomChooser(Seed),
    };

    /// <summary>The nth schedule of a test: the plain one first, then two of three at random and one by priorities.</summary>
    public static Schedule Nth(ulong seed, int nth) => nth == 0
        ? new Schedule(ScheduleMode.Plain, seed)
        : new Schedule(nth % 3 == 0 ? ScheduleMode.Priorities : ScheduleMode.Random, Mixing.Mix(seed + (ulong)nth));

    /// <summary>As it stands in a message: random-1f3a….</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mode.ToString().ToLowerInvariant()}-{Seed:x}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static Schedule Parse(string text)
    {
        string[] parts = text.Split('-');
        return parts.Length == 2 && Enum.TryParse(parts[0], ignoreCase: true, out ScheduleMode mode)
            && ulong.TryParse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong seed)
            ? new Schedule(mode, seed)
            : throw new FormatException($"'{text}' names no schedule; one looks like random-1f3a.");
    }
}

/// <summary>How a schedule chooses.</summary>
internal enum ScheduleMode
{
    /// <summary>The first, the earliest, no fault.</summary>
    Plain,

    /// <summary>Anything.</summary>
    Random,

    /// <summary>By priorities that change a few times.</summary>
    Priorities,
}
