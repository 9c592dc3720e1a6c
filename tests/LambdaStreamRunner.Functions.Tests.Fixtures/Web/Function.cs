using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Fixtures;

/// <summary>A handler on ASP.NET's framework.</summary>
public class Function
{
    public Stream Query(Stream input)
    {
        using var reader = new StreamReader(input);
        return new MemoryStream(Encoding.UTF8.GetBytes(QueryHelpers.AddQueryString("/orders", "id", reader.ReadToEnd())));
    }
}
