using System.Globalization;
using LambdaStreamRunner.Testing.Choosing;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>How one schedule makes its choices: the plain one, any, by priorities.</summary>
/// <param name="Mode">How.</param>
/// <param name="Seed">Decides.</param>
/// <param name="Moments">Decisions of the plain schedule, among which priorities change; 0 in the other modes.</param>
internal readonly record struct Schedule(ScheduleMode Mode, ulong Seed, int Moments = 0)
{
    private const int DepthMax = 3;
    private const int MomentsExpected = 100;

    /// <summary>Seed of the world's ids and sequence numbers: it follows from the schedule alone, so that a schedule is the same run wherever it is named.</summary>
    public long WorldSeed => (long)Mixing.Mix(Seed ^ (ulong)Mode);

    /// <summary>Choices for one run.</summary>
    public Chooser CreateChooser() => Mode switch
    {
        ScheduleMode.Plain => new ReplayChooser(),
        ScheduleMode.Priorities => new PriorityChooser(Seed, 1 + (int)(Seed % DepthMax), Moments > 0 ? Moments : MomentsExpected),
        _ => new RandomChooser(Seed),
    };

    /// <summary>The nth schedule of a test: the plain one first, then two of three at random and one by priorities.</summary>
    /// <param name="seed">Of the test.</param>
    /// <param name="nth">0 for the plain one.</param>
    /// <param name="moments">Decisions of the plain one; 0 when they are not known.</param>
    public static Schedule Nth(ulong seed, int nth, int moments = 0) => nth switch
    {
        0 => new Schedule(ScheduleMode.Plain, seed),
        _ when nth % 3 == 0 => new Schedule(ScheduleMode.Priorities, Mixing.Mix(seed + (ulong)nth), moments),
        _ => new Schedule(ScheduleMode.Random, Mixing.Mix(seed + (ulong)nth)),
    };

    /// <summary>As it stands in a message: random-1f3a…, and priorities-1f3a…-250 with its moments.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mode.ToString().ToLowerInvariant()}-{Seed:x}{(Moments > 0 ? $"-{Moments}" : "")}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('-');
        int moments = 0;
        return parts.Length is 2 or 3 && parts[0].All(char.IsAsciiLetter) && Enum.TryParse(parts[0], ignoreCase: true, out ScheduleMode mode)
            && ulong.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong seed)
            && (parts.Length == 2 || (mode is ScheduleMode.Priorities && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out moments)))
            ? new Schedule(mode, seed, moments)
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
