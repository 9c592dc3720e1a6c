using System.Text.Json;
using LambdaStreamRunner.Runner.Mappings;
using LambdaStreamRunner.StreamServer;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>An error as Lambda answers it.</summary>
/// <param name="error">Its name, which stands in the header x-amzn-ErrorType: SDKs choose their exception class by it.</param>
/// <param name="message">Its text.</param>
/// <param name="statusCode">HTTP status.</param>
#pragma warning disable CA1032 // Always made with a name.
internal sealed class LambdaException(string error, string message, int statusCode = StatusCodes.Status400BadRequest) : Exception(message)
#pragma warning restore CA1032
{
    /// <summary>Under which name the body has the text: it depends on the error (reference 1.1).</summary>
    private enum Spelling
    {
        Lower,
        Upper,
    }

    /// <summary>The error's name.</summary>
    public string Error { get; } = error;

    /// <summary>Status of the answer.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>Who is to blame: User or Service; null where AWS does not say.</summary>
    public string? Type { get; private init; } = "User";

    /// <summary>Which limit was met, in TooManyRequestsException.</summary>
    public string? Reason { get; private init; }

    private Spelling Member { get; init; } = Spelling.Lower;

    /// <summary>A value that the service does not take.</summary>
    public static LambdaException InvalidParameter(string message) => new("InvalidParameterValueException", message);

    /// <summary>The same thing is there already.</summary>
    public static LambdaException Conflict(string message) => new("ResourceConflictException", message, StatusCodes.Status409Conflict);

    /// <summary>There is no such thing.</summary>
    public static LambdaException NotFound(string message) => new("ResourceNotFoundException", message, StatusCodes.Status404NotFound) { Member = Spelling.Upper };

    /// <summary>The mapping is on its way from one state to another.</summary>
    public static LambdaException InUse() => new("ResourceInUseException", LambdaTexts.InUse) { Member = Spelling.Upper };

    /// <summary>The server failed.</summary>
    public static LambdaException Service(string message) =>
        new("ServiceException", message, StatusCodes.Status500InternalServerError) { Member = Spelling.Upper, Type = "Service" };

    /// <summary>A body that is no JSON.</summary>
    public static LambdaException UnreadableBody(string why) => new("InvalidRequestContentException", LambdaTexts.Body + why);

    /// <summary>A body that is longer than the operation takes.</summary>
    public static LambdaException TooLarge(int bytesMax, string operation) => new("RequestTooLargeException", LambdaTexts.TooLarge(bytesMax, operation), StatusCodes.Status413PayloadTooLarge);

    /// <summary>More is asked at a time than there may be.</summary>
    public static LambdaException TooManyRequests(string message, string reason) =>
        new("TooManyRequestsException", message, StatusCodes.Status429TooManyRequests) { Reason = reason };

    /// <summary>A path or a method that is not served.</summary>
    public static LambdaException Unknown(string message) => new("UnknownOperationException", message, StatusCodes.Status404NotFound);

    /// <summary>A page of another origin wants to change something.</summary>
    public static LambdaException Of(KinesisException error) => new(error.Error, error.Text ?? error.Error, error.StatusCode) { Type = null };

    /// <summary>The body of the answer.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Type is not null)
            json.WriteString(nameof(Type), Type);
        json.WriteString(Member is Spelling.Upper ? "Message" : "message", Message);
        if (Reason is not null)
            json.WriteString(nameof(Reason), Reason);
        json.WriteEndObject();
    }
}
