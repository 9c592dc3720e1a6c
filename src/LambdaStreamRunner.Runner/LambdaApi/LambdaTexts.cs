using System.Globalization;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>Every sentence that the API answers, in one place: new evidence changes one line. AWS's own words where they were seen (reference 1.4).</summary>
internal static class LambdaTexts
{
    public const string UnrecognizedSource = "Unrecognized event source.";

    public const string NoFunction = "Function does not exist";

    /// <summary>In InvalidParameterValueException, with its full stop: this one comes from the service, not from the model.</summary>
    public const string NoStartingPosition = "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.";

    public const string NoTimestamp = "Need to specify a timestamp";

    public const string TimestampWithoutUse = "Timestamp only valid with StartingPosition AT_TIMESTAMP";

    public const string OnSuccess = "Unsupported DestinationConfig parameter for given event source mapping type.";

    public const string Age = "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)";

    /// <summary>AWS's text is not known: open question Q10.</summary>
    public const string TumblingWithFactor = "ParallelizationFactor must be 1 when TumblingWindowInSeconds is set.";

    public const string NoSuchResource = "The resource you requested does not exist.";

    /// <summary>AWS's text is not known: open question Q10.</summary>
    public const string InUse = "Cannot update the event source mapping because it is in use.";

    public const string StateTransitionReason = "User action";

    public const string Stopping = "The runner is stopping.";

    public const string FileDestination =
        "A destination in a file of this machine cannot be set by a request. Name it in DestinationConfig of the configuration's entry, and it can be kept here.";

    public const string KeyNotThere = "KMSKeyArn is not available: nothing is encrypted here. Leave it out.";

    public const string ClientContext = "X-Amz-Client-Context is not available: functions here have no client context. Leave it out.";

    public const string RateExceeded = "Rate Exceeded.";

    public const string Body = "Could not parse request body into json: ";

    public const string NoUnicode = "A name holds half a surrogate pair.";

    public const string NotAnObject = "the body is no object";

    public const string NoTagKeys = "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null";

    public static string TooManyTags(int max) => $"A resource has {max} tags at most.";

    public static string NoStream(string arn) => $"Stream not found: {arn}";

    public static string OtherSource(string arn) => $"{UnrecognizedSource} Only Kinesis streams are read here, and {arn} is none.";

    public static string FutureTimestamp(long milliseconds, long now) => string.Create(
        CultureInfo.InvariantCulture,
        $"Received Exception while reading from provided stream. The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: {milliseconds}, currentTimestampInMillis: {now}");

    public static string Unsupported(string parameter) =>
        $"Unsupported '{parameter[..Math.Min(1, parameter.Length)].ToLowerInvariant()}{parameter[Math.Min(1, parameter.Length)..]}' parameter for given event source mapping type.";

    public static string Exists(string sourceArn, string functionName, Guid uuid) =>
        $"The event source arn (\" {sourceArn} \") and function (\" {functionName} \") provided mapping already exists. Please update or delete the existing mapping with UUID {uuid}";

    public static string TooManyMappings(int max) => $"There are {max} mappings, and no more are kept. Delete one first.";

    public static string NoDestination(string destination, string complaint) => $"The destination is {destination}, {complaint}.";

    public static string OtherMetrics(string metric) => $"Unsupported metric '{metric}' for given event source mapping type.";

    public static string NoMapping(string arn) => $"Event source mapping not found: {arn}";

    public static string FunctionNotFound(string arn) => $"Function not found: {arn}";

    public static string FunctionTags(string arn) => $"Tags of functions are not kept: {arn}. Tag the event source mapping.";

    public static string Problem(string reason) => $"PROBLEM: {reason}";

    public static string TooLarge(int bytesMax, string operation) =>
        string.Create(CultureInfo.InvariantCulture, $"Request must be smaller than {bytesMax} bytes for the {operation} operation");

    public static string NotLoaded(string reason) => $"The function cannot be loaded: {reason}";

    public static string TooManyWaiting(int max) => $"{max} asynchronous invocations are waiting or running, and no more are kept.";

    public static string Marker(string marker) => $"The marker '{marker}' is none of an earlier answer.";

    public static string NotANumber(string name, string value) => $"'{value}' at '{name}' can not be converted to an Integer";

    public static string FunctionsAreConfigured(string operation) =>
        $"{operation} is not available: the code and settings of functions never come over HTTP. Change Functions in the configuration, and start again.";

    public static string Unknown(string method, string path, string served) => $"There is no operation {method} {path} here. Served are {served}.";
}
