using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>A page of a list whose items have a running number: what was made or deleted between two pages moves nothing.</summary>
/// <param name="Items">The items of the page.</param>
/// <param name="NextMarker">What the next page is asked for with; null when this is the last one.</param>
internal sealed record ListPage<T>(IReadOnlyList<T> Items, string? NextMarker);

/// <summary>Cuts pages.</summary>
internal static class ListPage
{
    /// <summary>The page behind the request's Marker.</summary>
    /// <param name="items">The whole list, by ascending number.</param>
    /// <param name="numberOf">The number of an item.</param>
    /// <param name="request">Has MaxItems and Marker.</param>
    /// <param name="pageMax">Most items of a page.</param>
    /// <exception cref="LambdaException">The marker is none of ours, or MaxItems is out of range.</exception>
    public static ListPage<T> Cut<T>(IEnumerable<T> items, Func<T, int> numberOf, LambdaRequest request, int pageMax)
    {
        int size = request.PageSize(pageMax);
        int after = request.Query("Marker") is { } marker ? Open(marker) : 0;
        T[] rest = [.. items.Where(item => numberOf(item) > after).Take(size + 1)];
        return rest.Length <= size
            ? new ListPage<T>(rest, null)
            : new ListPage<T>(rest[..size], Convert.ToBase64String(Encoding.ASCII.GetBytes(numberOf(rest[size - 1]).ToString(CultureInfo.InvariantCulture))));
    }

    private static int Open(string marker)
    {
        Span<byte> bytes = stackalloc byte[16];
        bool isOurs = Convert.TryFromBase64String(marker, bytes, out int length);
        return isOurs && int.TryParse(bytes[..length], NumberStyles.None, CultureInfo.InvariantCulture, out int after)
            ? after
            : throw LambdaException.InvalidParameter(LambdaTexts.Marker(marker));
    }
}
