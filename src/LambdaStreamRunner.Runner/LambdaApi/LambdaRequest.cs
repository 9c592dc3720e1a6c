using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LambdaStreamRunner.StreamServer.Protocol;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>A request, and the ways in which actions read it.</summary>
/// <param name="Http">Headers and query.</param>
/// <param name="Subject">What the path is about: a UUID, a function, an ARN.</param>
/// <param name="Body">The whole body.</param>
internal sealed record LambdaRequest(HttpRequest Http, string Subject, ReadOnlyMemory<byte> Body)
{
    /// <summary>Most items of one answer, whatever MaxItems asks for.</summary>
    private const int MaxItemsMax = 10_000;

    public string? Header(string name) => Http.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    public string? Query(string name) => Http.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>The body as JSON, whose members have the types and keep the constraints of the model.</summary>
    /// <exception cref="LambdaException">It is no JSON object, or members break their constraints: all of them are told.</exception>
    public JsonElement Read(ImmutableArray<Member> members)
    {
        JsonElement body = Parse();
        TypeCheck.Check(body, members);
        Validation.Check(body, members);
        return body;
    }

    /// <summary>How many items an answer shall have at most.</summary>
    /// <exception cref="LambdaException">MaxItems is out of its range.</exception>
    public int PageSize(int pageMax)
    {
        if (Query("MaxItems") is not { } written)
            return pageMax;
        if (!int.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int items))
            throw new LambdaException("SerializationException", LambdaTexts.NotANumber("maxItems", written));
        Check("MaxItems", JsonSerializer.SerializeToElement(items), new Member("MaxItems", MemberType.Integer) { ValueMin = 1, ValueMax = MaxItemsMax });
        return Math.Min(items, pageMax);
    }

    /// <summary>Holds a value from the path, the query or a header to its model.</summary>
    /// <exception cref="StreamServer.KinesisException">ValidationException.</exception>
    public static void Check(string name, JsonElement value, Member member) =>
        Validation.Check(JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [name] = value }), [member]);

    private JsonElement Parse()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Body.IsEmpty ? "{}"u8.ToArray() : Body);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                throw LambdaException.UnreadableBody(LambdaTexts.NotAnObject);
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
                _ = member.Name;                              // throws for half a surrogate pair
            return document.RootElement.Clone();
        }
        catch (JsonException unreadable)
        {
            throw LambdaException.UnreadableBody(unreadable.Message);
        }
        catch (InvalidOperationException)
        {
            throw new LambdaException("SerializationException", LambdaTexts.NoUnicode);
        }
    }
}
