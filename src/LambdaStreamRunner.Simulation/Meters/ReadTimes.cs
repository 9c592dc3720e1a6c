namespace LambdaStreamRunner.Simulation.Meters;

/// <summary>When the records of a shard were read for the first time: one entry for each read, not for each record.</summary>
internal sealed class ReadTimes
{
    private readonly List<Page> _pages = [];

    /// <summary>The records up to a number were read.</summary>
    public void Add(ulong lastIndex, long ticks) => _pages.Add(new Page(lastIndex, ticks));

    /// <summary>The page of a record.</summary>
    /// <param name="index">The index of its number.</param>
    /// <param name="hint">A page near it: the lane's last one; receives its own.</param>
    public Page Of(ulong index, ref int hint)
    {
        int page = Math.Clamp(hint, 0, _pages.Count - 1);
        while (page > 0 && _pages[page - 1].LastIndex >= index)
            page--;
        while (page < _pages.Count - 1 && _pages[page].LastIndex < index)
            page++;
        hint = page;
        return _pages[page];
    }

    /// <summary>Nobody asks for records below a number again; returns by how many places the pages have moved.</summary>
    public int Forget(ulong belowIndex)
    {
        const int Worthwhile = 4_096;
        if (_pages.Count < Worthwhile)
            return 0;
        int unneeded = 0;
        while (unneeded < _pages.Count - 1 && _pages[unneeded].LastIndex < belowIndex)
            unneeded++;
        if (unneeded < _pages.Count / 2)
            return 0;
        _pages.RemoveRange(0, unneeded);
        return unneeded;
    }

    /// <summary>One read.</summary>
    /// <param name="LastIndex">The index of its last record.</param>
    /// <param name="Ticks">When it was answered.</param>
    public readonly record struct Page(ulong LastIndex, long Ticks);
}
