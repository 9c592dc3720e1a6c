using System.Collections.Immutable;
using System.Text.RegularExpressions;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>Functions</c>, and finds a function that a mapping names.</summary>
internal static partial class FunctionsSection
{
    public static readonly SectionNames Names = new(
        "a function",
        ["CodeUri", "Handler", "Timeout", "MemorySize", "Environment", "Hosting", "Runtime", "Description", "AutoPublishAlias", "ReservedConcurrentExecutions"],
        [
            new("Layers", "is not available: an in-process function finds its files beside its DLL. Reference them from the project, and leave it out."),
            new("ProvisionedConcurrencyConfig", "is not available: a function here stays warm. Leave it out."),
            new("EphemeralStorage", "is not available: /tmp is the machine's own. Leave it out."),
            new("VpcConfig", "is not available: a function here uses the machine's network. Leave it out."),
            new("Role", "is not available: there are no permissions here. Leave it out."),
            new("Policies", "is not available: there are no permissions here. Leave it out."),
            new("Tracing", "is not available. Leave it out."),
            new("DeadLetterQueue", "is for asynchronous invocations. Use DestinationConfig.OnFailure of the mapping."),
            new("FileSystemConfigs", "is not available: a function here sees the machine's files. Leave it out."),
            new("ImageUri", "is not available: containers are not started. Set CodeUri and Handler."),
            new("ImageConfig", "is not available: containers are not started. Set CodeUri and Handler."),
            new("PackageType", "is not available: every function is code behind CodeUri. Leave it out."),
            new("Architectures", "is not available: a function here runs on the machine's processor. Leave it out."),
            new("Events", "is not read here. Write an entry of EventSourceMappings."),
            new("FunctionName", "is the name in front of this object already. Leave it out."),
            new("KMSKeyArn", "is not available: environment variables are not encrypted here. Leave it out."),
            new("KmsKeyArn", "is not available: environment variables are not encrypted here. Leave it out."),
            new("Tags", "is not available yet. Leave it out."),
        ]);

    public static readonly SectionNames EnvironmentNames = new("Environment", ["Variables"], []);

    private const string HandlerAdvice = "write Assembly::Namespace.Type::Method.";
    private const string CodeUriAdvice = "name a project folder, a built folder or a DLL, relative to this file.";

    public static ImmutableArray<FunctionConfiguration> Read(JsonValue.Object? at, Reading reading)
    {
        var functions = ImmutableArray.CreateBuilder<FunctionConfiguration>();
        var environment = new SharedEnvironment(reading.Problems);
        foreach ((string name, Section section) in at?.NamedBy(Names, reading.Problems) ?? [])
            functions.Add(Function(name, section, environment, reading));
        return functions.ToImmutable();
    }

    private static FunctionConfiguration Function(string name, Section section, SharedEnvironment environment, Reading reading)
    {
        if (!FunctionArn.IsName(name))
            reading.Problems.Error(section.At, "is not a function's name; use 1 to 64 letters, digits, '-' and '_'.");
        RefuseOtherHosts(section, reading.Problems);
        if (section.Find("MemorySize") is JsonValue memory)
            reading.Problems.Warning(memory, "is told to the function, but not enforced: the function shares this process' memory.");
        return new FunctionConfiguration
        {
            Name = name,
            Arn = FunctionArn.Of(name, reading.Region, reading.AccountId),
            Alias = Alias(section, reading.Problems),
            Description = section.Text("Description") ?? "",
            CodeUri = CodeUri(section, reading),
            Handler = Handler(section, reading.Problems),
            Timeout = TimeSpan.FromSeconds(section.Integer("Timeout", 3, 1, FunctionConfiguration.TimeoutSecondsMax)),
            MemorySizeMegabytes = section.Integer(
                "MemorySize", FunctionConfiguration.MemorySizeMegabytesMin, FunctionConfiguration.MemorySizeMegabytesMin, FunctionConfiguration.MemorySizeMegabytesMax),
            ReservedConcurrentExecutions = section.Find("ReservedConcurrentExecutions") is null
                ? null
                : section.Integer("ReservedConcurrentExecutions", 0, 0, RunnerConfiguration.ConcurrentExecutionsMax),
            EnvironmentVariables = Variables(name, section, environment, reading.Problems),
        };
    }

    private static string CodeUri(Section section, Reading reading)
    {
        if (section.RequiredText("CodeUri", CodeUriAdvice) is not string written)
            return "";
        JsonValue at = section.Find("CodeUri")!;
        if (!written.Contains("://", StringComparison.Ordinal))
            return reading.PathOf(at, written, NamedFileKind.Code) ?? "";
        reading.Problems.Error(at, $"is \"{written}\": code is never downloaded. {char.ToUpperInvariant(CodeUriAdvice[0])}{CodeUriAdvice[1..]}");
        return "";
    }

    private static string Handler(Section section, Problems problems)
    {
        if (section.RequiredText("Handler", HandlerAdvice) is not string written)
            return "";
        if (!HandlerParts().IsMatch(written))
            problems.Error(section.Find("Handler")!, $"is \"{written}\"; {HandlerAdvice}");
        return written;
    }

    private static string? Alias(Section section, Problems problems)
    {
        if (section.Text("AutoPublishAlias") is not string written)
            return null;
        if (!FunctionArn.IsAlias(written))
            problems.Error(section.Find("AutoPublishAlias")!, $"is \"{written}\"; use 1 to 128 letters, digits, '-' and '_', not digits alone.");
        return written;
    }

    private static void RefuseOtherHosts(Section section, Problems problems)
    {
        if (section.Choice("Hosting", ("InProcess", true), ("Process", false), ("Remote", false)) is false)
            problems.Error(section.Find("Hosting")!, $"is {section.Find("Hosting")!.Quoted}, which is not available yet. Write \"InProcess\", or leave it out.");
        if (section.Text("Runtime") is not string runtime)
            return;
        string ours = $"dotnet{Environment.Version.Major}";
        if (!runtime.StartsWith("dotnet", StringComparison.OrdinalIgnoreCase))
            problems.Error(section.Find("Runtime")!, $"is \"{runtime}\"; functions run in this process, so it can only be a dotnet runtime. Leave it out for .NET.");
        else if (!runtime.Equals(ours, StringComparison.OrdinalIgnoreCase))
            problems.Warning(section.Find("Runtime")!, $"is \"{runtime}\", but the function shares this process, which runs {ours}.");
    }

    private static ImmutableSortedDictionary<string, string> Variables(string function, Section section, SharedEnvironment environment, Problems problems)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (section.Object("Environment") is not JsonValue.Object at)
            return variables.ToImmutable();
        JsonValue.Object? values = new Section(at, EnvironmentNames, problems).Object("Variables");
        foreach (JsonMember variable in values?.DistinctMembers(problems) ?? [])
        {
            if (environment.Take(function, variable) is string value)
                variables.Add(variable.Name, value);
        }
        return variables.ToImmutable();
    }

    /// <summary>The configured function that a setting names, with the qualifier as it is written, or null after saying what is wrong with it.</summary>
    public static (FunctionConfiguration Function, string? Qualifier)? Resolve(JsonValue at, string written, ImmutableArray<FunctionConfiguration> functions, Reading reading)
    {
        if (!FunctionArn.TryParse(written, out FunctionArn? arn))
        {
            reading.Problems.Error(at, $"is \"{written}\", which is no function's name or ARN. Write the name of a function under Functions.");
            return null;
        }
        FunctionConfiguration? function = functions.FirstOrDefault(function => function.Name == arn.Name);
        if (function is null)
            reading.Problems.Error(at, $"is \"{written}\", which is not under Functions.{NearestName.Suggest(arn.Name, [.. functions.Select(f => f.Name)])} Add '{arn.Name}' to Functions, with CodeUri and Handler.");
        else if ((arn.Region ?? reading.Region) != reading.Region || (arn.AccountId ?? reading.AccountId) != reading.AccountId)
            reading.Problems.Error(at, $"is \"{written}\", but the configured function is {function.Arn}. Write \"{arn.Name}\", or set Region and AccountId.");
        else if (function.VersionOf(arn.Qualifier) is null)
            reading.Problems.Error(at, $"names the version or alias '{arn.Qualifier}', which '{arn.Name}' does not have. Write \"{arn.Name}\", or give the function \"AutoPublishAlias\": \"{arn.Qualifier}\".");
        return function is null ? null : (function, arn.Qualifier);
    }

    [GeneratedRegex(@"^[^:\s]+::[^:\s]+::[^:\s]+\z")]
    private static partial Regex HandlerParts();
}
