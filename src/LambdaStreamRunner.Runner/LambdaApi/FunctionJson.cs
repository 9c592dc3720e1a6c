using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using LambdaStreamRunner.Runner.Configuration;

namespace LambdaStreamRunner.Runner.LambdaApi;

/// <summary>FunctionConfiguration, as far as there is something to say of a function of the configuration.</summary>
internal static class FunctionJson
{
    /// <summary>A function as it is asked for: its ARN has the qualifier that the request had.</summary>
    public static void Write(Utf8JsonWriter json, FunctionConfiguration function, string? qualifier, DateTimeOffset since)
    {
        json.WriteStartObject();
        json.WriteString("FunctionName", function.Name);
        json.WriteString("FunctionArn", qualifier is null ? function.Arn : $"{function.Arn}:{qualifier}");
        WriteCode(json, function);
        json.WriteString("Role", $"arn:aws:iam::{function.Arn.Split(':')[4]}:role/{function.Name}");
        json.WriteNumber("CodeSize", 0);
        json.WriteString("Description", function.Description);
        json.WriteNumber("Timeout", (int)Math.Ceiling(function.Timeout.TotalSeconds));
        json.WriteNumber("MemorySize", function.MemorySizeMegabytes);
        json.WriteString("LastModified", since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture));
        json.WriteString("Version", function.VersionOf(qualifier));
        WriteEnvironment(json, function);
        json.WriteString("State", "Active");
        json.WriteString("LastUpdateStatus", "Successful");
        json.WriteString("PackageType", "Zip");
        json.WriteStartArray("Architectures");
        json.WriteStringValue(RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "arm64" : "x86_64");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A remote function has code, and layers, that are not known here; layers that are folders have no ARN to be named by.
    private static void WriteCode(Utf8JsonWriter json, FunctionConfiguration function)
    {
        if (function.Hosting is not FunctionHosting.Remote)
            json.WriteString("Runtime", function.Runtime ?? string.Create(CultureInfo.InvariantCulture, $"dotnet{Environment.Version.Major}"));
        if (function.Handler.Length > 0)
            json.WriteString("Handler", function.Handler);
    }

    private static void WriteEnvironment(Utf8JsonWriter json, FunctionConfiguration function)
    {
        if (function.EnvironmentVariables.IsEmpty)
            return;
        json.WriteStartObject("Environment");
        json.WriteStartObject("Variables");
        foreach ((string name, string value) in function.EnvironmentVariables)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
