using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LambdaStreamRunner.StreamServer.Tests.Protocol.Cbor;

namespace LambdaStreamRunner.StreamServer.Tests.Fuzzing;

/// <summary>Makes requests out of good ones that are wrong in a random way. The same seed makes the same requests.</summary>
internal sealed class RequestMutator(int seed, IReadOnlyList<(string Action, string Body)> good)
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "1e-999", "99999999999999999999999999999999999999999", "0.1", "\"\"", "\"\\u0000\"", "\"\\ud800\"",
        "[]", "{}", "[[]]", "[null]", "{\"a\":1}", "\"340282366920938463463374607431768211456\"", "\"shardId-99999999999\"", "\"=\"", "\"YQ\"",
        "\"arn:aws:kinesis:us-east-1:000000000000:stream/\"", "\"arn:\"", "2147483648", "-9223372036854775809", "\"TRIM_HORIZON\"", "\"../../etc/passwd\"",
    ];

    private static readonly string[] ContentTypes =
        ["application/x-amz-json-1.1", "application/x-amz-json-1.1; charset=utf-8", "application/x-amz-cbor-1.1", "application/json", "text/xml", ";", "a/b;;;", "application/x-amz-json-1.1 "];

    private readonly Random _random = new(seed);

    public HttpRequestMessage Next()
    {
        (string action, string body) = Pick(good);
        byte[] bytes = _random.Next(4) switch
        {
            0 => Bytes(Encoding.UTF8.GetBytes(body)),
            1 => Encoding.UTF8.GetBytes(Replaced(body)),
            2 => Bytes(Encoding.UTF8.GetBytes(Replaced(body))),
            _ => Encoding.UTF8.GetBytes(Nested(body)),
        };
        bool isCbor = Chance(4) && TryEncode(body, ref bytes);
        return Request(Chance(20) ? action + Pick(["", "s", ".", "\t", "PutRecord"]) : action, bytes, isCbor ? CborText.ContentType : KinesisServer.JsonType);
    }

    /// <summary>The request in CBOR, whole or mutilated, in the place of what was made of it in JSON.</summary>
    private bool TryEncode(string body, ref byte[] bytes)
    {
        byte[] cbor;
        try
        {
            cbor = CborText.FromJson(Chance(2) ? Replaced(body) : body);
        }
        catch (Exception impossible) when (impossible is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            return false;                                     // what cannot be said in CBOR
        }
        bytes = Chance(4) ? cbor : Bytes(cbor);
        return true;
    }

    private HttpRequestMessage Request(string action, byte[] body, string contentType)
    {
        Version version = Chance(3) ? HttpVersion.Version20 : HttpVersion.Version11;
        // A zero in the path is a 400 in HTTP/1.1; HTTP/2 resets the stream, which HttpClient has no answer for.
        string path = version.Major == 2 ? "/a/%41?X-Amz-Algorithm=x&&=" : "/a/%00?X-Amz-Algorithm=x&&=";
        var request = new HttpRequestMessage(Chance(50) ? Pick([HttpMethod.Get, HttpMethod.Put, HttpMethod.Options, HttpMethod.Delete]) : HttpMethod.Post, Chance(50) ? path : "/")
        {
            Content = new ByteArrayContent(body),
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Header(request.Content.Headers, "Content-Type", Chance(10) ? Pick(ContentTypes) : contentType);
        Header(request.Headers, "X-Amz-Target", $"Kinesis_20131202.{action}");
        if (!Chance(30))
            Header(request.Headers, "X-Amz-Date", "20260101T000000Z");
        Header(request.Headers, "Authorization", Chance(20) ? Pick(["", "=", "AWS4-HMAC-SHA256 Credential=,Signature", new string('a', 8000), ", , =,="]) : "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=00");
        if (Chance(40))
            Header(request.Headers, "Origin", Pick(["http://localhost:1", "null", "http://evil.test", "::"]));
        if (Chance(40))
            Header(request.Headers, "X-Absurd", new string('x', _random.Next(20_000)));
        return request;
    }

    private byte[] Bytes(byte[] body)
    {
        List<byte> bytes = [.. body];
        for (int i = _random.Next(1, 6); i > 0 && bytes.Count > 0; i--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(_random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Another value in the place of one, anywhere in the request.</summary>
    private string Replaced(string body)
    {
        JsonObject root = JsonNode.Parse(body)!.AsObject();
        JsonNode at = root;
        while (true)
        {
            JsonNode? child;
            if (at is JsonObject { Count: > 0 } holder)
            {
                string name = Pick(holder.Select(member => member.Key).ToArray());
                child = holder[name];
                if (child is null or JsonValue || Chance(3))
                {
                    holder[name] = JsonNode.Parse("\"@@\"");
                    break;
                }
            }
            else if (at is JsonArray { Count: > 0 } list)
            {
                int index = _random.Next(list.Count);
                child = list[index];
                if (child is null or JsonValue || Chance(3))
                {
                    list[index] = JsonNode.Parse("\"@@\"");
                    break;
                }
            }
            else
            {
                return body;
            }
            at = child;
        }
        return root.ToJsonString().Replace("\"@@\"", Chance(10) ? $"\"{new string('k', _random.Next(3000))}\"" : Pick(Values), StringComparison.Ordinal);
    }

    private string Nested(string body)
    {
        int depth = _random.Next(1, 300);
        string bomb = Chance(2) ? new string('[', depth) + new string(']', depth) : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
        return $"{{\"Bomb\":{bomb},{body.TrimStart()[1..]}";
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private static void Header(System.Net.Http.Headers.HttpHeaders headers, string name, string value) => headers.TryAddWithoutValidation(name, value);
}
