using LambdaStreamRunner.Simulation.Traffic;

namespace LambdaStreamRunner.Host.Traces;

/// <summary>Puts arrivals in order of time; those of one time stay as they came, or the records of a key could overtake each other.</summary>
internal sealed class ArrivalSort
{
    private Place[] _places = [];
    private Arrival[] _sorted = [];

    public void Sort(Span<Arrival> arrivals)
    {
        if (_places.Length < arrivals.Length)
            (_places, _sorted) = (new Place[arrivals.Length], new Arrival[arrivals.Length]);
        for (int i = 0; i < arrivals.Length; i++)
            _places[i] = new Place(arrivals[i].Ticks, i);
        _places.AsSpan(0, arrivals.Length).Sort();
        for (int i = 0; i < arrivals.Length; i++)
            _sorted[i] = arrivals[_places[i].Index];
        _sorted.AsSpan(0, arrivals.Length).CopyTo(arrivals);
    }

    private readonly record struct Place(long Ticks, int Index) : IComparable<Place>
    {
        public int CompareTo(Place other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Index.CompareTo(other.Index);
    }
}
