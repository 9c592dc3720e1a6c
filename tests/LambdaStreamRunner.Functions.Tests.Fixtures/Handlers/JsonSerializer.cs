using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Core;

namespace Fixtures;

/// <summary>What Amazon's source-generator serializer looks like from outside.</summary>
public sealed class GeneratedSerializer<TContext> : ILambdaSerializer
    where TContext : JsonSerializerContext, new()
{
    private readonly TContext _context = new();

    public T Deserialize<T>(Stream requestStream) =>
        System.Text.Json.JsonSerializer.Deserialize(requestStream, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)_context.GetTypeInfo(typeof(T))!)!;

    public void Serialize<T>(T response, Stream responseStream) =>
        System.Text.Json.JsonSerializer.Serialize(responseStream, response, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)_context.GetTypeInfo(typeof(T))!);
}

/// <summary>A serializer that somebody must hand its options to.</summary>
public class ConfiguredSerializer(JsonSerializerOptions options) : ILambdaSerializer
{
    public T Deserialize<T>(Stream requestStream) => System.Text.Json.JsonSerializer.Deserialize<T>(requestStream, options)!;

    public void Serialize<T>(T response, Stream responseStream) => System.Text.Json.JsonSerializer.Serialize(responseStream, response, options);
}

/// <summary>The way to do it in a class library.</summary>
public sealed class SnakeCaseSerializer() : ConfiguredSerializer(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

/// <summary>For Lambda, a parameter with a default is a parameter.</summary>
public sealed class OptionalSerializer(JsonSerializerOptions? options = null) : ConfiguredSerializer(options ?? new JsonSerializerOptions());

/// <summary>Reflection, without regard to case, as Amazon's default.</summary>
public sealed class JsonSerializer : ILambdaSerializer
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    public T Deserialize<T>(Stream requestStream) => System.Text.Json.JsonSerializer.Deserialize<T>(((MemoryStream)requestStream).ToArray(), Options)!;

    public void Serialize<T>(T response, Stream responseStream) => System.Text.Json.JsonSerializer.Serialize(responseStream, response, Options);
}
