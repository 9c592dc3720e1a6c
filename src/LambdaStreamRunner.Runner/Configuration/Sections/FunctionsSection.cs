using System.Collections.Immutable;
using LambdaStreamRunner.Core.Measures;
using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>Functions</c>, and finds a function that a mapping names.</summary>
internal static class FunctionsSection
{
    public static readonly SectionNames Names = new(
        "a function",
        [
            "CodeUri", "Handler", "Timeout", "MemorySize", "Environment", "Hosting", "Runtime", "Layers", "Endpoint",
            "Description", "AutoPublishAlias", "ReservedConcurrentExecutions", "LoggingConfig",
        ],
        [
            new("ProvisionedConcurrencyConfig", "is not available: a function here stays warm. Leave it out."),
            new("EphemeralStorage", "is not available: /tmp is the machine's own, without a quota; a process (Hosting \"Process\") has a folder of its own, which TMPDIR names. Leave it out."),
            new("VpcConfig", "is not available: a function here uses the machine's network. Leave it out."),
            new("Role", "is not available: there are no permissions here. Leave it out."),
            new("Policies", "is not available: there are no permissions here. Leave it out."),
            new("Tracing", "is not available. Leave it out."),
            new("DeadLetterQueue", "is for asynchronous invocations. Use DestinationConfig.OnFailure of the mapping."),
            new("FileSystemConfigs", "is not available: a function here sees the machine's files. Leave it out."),
            new("ImageUri", "is not available: containers are not started. Set CodeUri and Handler; for a container that runs, set Hosting \"Remote\" and its URL as Endpoint."),
            new("ImageConfig", "is not available: containers are not started. Set CodeUri and Handler; for a container that runs, set Hosting \"Remote\" and its URL as Endpoint."),
            new("PackageType", "is not available: every function is code behind CodeUri, or runs elsewhere. Leave it out."),
            new("Architectures", "is not available: a function here runs on the machine's processor. Leave it out."),
            new("Events", "is not read here. Write an entry of EventSourceMappings."),
            new("FunctionName", "is the name in front of this object already. Leave it out."),
            new("KMSKeyArn", "is not available: environment variables are not encrypted here. Leave it out."),
            new("KmsKeyArn", "is not available: environment variables are not encrypted here. Leave it out."),
            new("Tags", "is not available yet. Leave it out."),
        ]);

    // Without a word of what is written: there is a password in it.
    private const string NamesUser = "holds a user's name; requests are signed with AWS credentials instead. Leave the name, the password and '@' out.";

    public static readonly SectionNames EnvironmentNames = new("Environment", ["Variables"], []);

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
        string? runtime = section.Text("Runtime")?.ToLowerInvariant();
        string handler = section.Text("Handler") ?? "";
        FunctionHosting hosting = section.Choice("Hosting", ("InProcess", FunctionHosting.InProcess), ("Process", FunctionHosting.Process), ("Remote", FunctionHosting.Remote))
            ?? FunctionRules.DefaultHosting(runtime, handler);
        if (!ForgotHosting(section))
            RequireCode(section, hosting, runtime);
        var function = new FunctionConfiguration
        {
            Name = name,
            Arn = FunctionArn.Of(name, reading.Region, reading.AccountId),
            Alias = Alias(section, reading.Problems),
            Description = section.Text("Description") ?? "",
            Hosting = hosting,
            Runtime = runtime,
            CodeUri = CodeUri(section, hosting, runtime, reading),
            Handler = handler,
            Layers = LayersSection.Read(section, reading),
            Endpoint = Endpoint(section, reading.Problems),
            MemorySizeMegabytes = section.Integer(
                "MemorySize", FunctionConfiguration.MemorySizeMegabytesMin, FunctionConfiguration.MemorySizeMegabytesMin, FunctionConfiguration.MemorySizeMegabytesMax),
            ReservedConcurrentExecutions = section.Integer("ReservedConcurrentExecutions", 0, RunnerConfiguration.ConcurrentExecutionsMax),
            Logging = LoggingSection.Read(section, reading.Problems),
            EnvironmentVariables = Variables(name, section, hosting, environment, reading.Problems),
        };
        if (section.Find("Timeout") is not null)
            function = function with { Timeout = TimeSpan.FromSeconds(section.Integer("Timeout", FunctionConfiguration.TimeoutSecondsDefault, 1, FunctionConfiguration.TimeoutSecondsMax)) };
        Check(function, section, reading.Problems);
        return function;
    }

    // What has an Endpoint and no code is meant to run elsewhere: that its Hosting is missing is the one mistake.
    private static bool ForgotHosting(Section section) =>
        section.Find("Endpoint") is not null && section.Find("Hosting") is null && section.Find("CodeUri") is null && section.Find("Handler") is null;

    private static void RequireCode(Section section, FunctionHosting hosting, string? runtime)
    {
        if (FunctionRules.NeedsCode(hosting))
            section.Require("CodeUri", FunctionRules.CodeUriAdvice(runtime));
        if (FunctionRules.NeedsHandler(hosting, runtime))
            section.Require("Handler", FunctionRules.HandlerAdvice(runtime));
    }

    private static void Check(FunctionConfiguration function, Section section, Problems problems)
    {
        foreach ((string name, string text) in FunctionRules.MistakesOf(function))
            section.Problem(name, text);
        if (function.Hosting is FunctionHosting.InProcess)
            WarnOfTheSharedProcess(section, function.Runtime, problems);
    }

    // A process of its own has its memory, and any version of .NET.
    private static void WarnOfTheSharedProcess(Section section, string? runtime, Problems problems)
    {
        if (section.Find("MemorySize") is JsonValue memory)
            problems.Warning(memory, "is told to the function, but not enforced: the function shares this process' memory.");
        string ours = $"dotnet{Environment.Version.Major}";
        if (runtime is not null && runtime != ours && RuntimeNames.FamilyOf(runtime) is RuntimeFamily.Dotnet)
            problems.Warning(section.Find("Runtime")!, $"is \"{runtime}\", but the function shares this process, which runs {ours}. With \"Hosting\": \"Process\" it has what it asks for.");
    }

    private static string CodeUri(Section section, FunctionHosting hosting, string? runtime, Reading reading)
    {
        if (section.Text("CodeUri") is not { Length: > 0 } written)
            return "";
        JsonValue at = section.Find("CodeUri")!;
        if (hosting is FunctionHosting.Remote)
            return written;                                   // it is refused, whatever it names
        bool isDotnet = RuntimeNames.FamilyOf(runtime) is null or RuntimeFamily.Dotnet;
        if (!written.Contains("://", StringComparison.Ordinal))
            return reading.PathOf(at, written, isDotnet ? NamedFileKind.Code : NamedFileKind.CodeFolder) ?? "";
        string advice = FunctionRules.CodeUriAdvice(runtime);
        reading.Problems.Error(at, $"is \"{written}\": code is never downloaded. {char.ToUpperInvariant(advice[0])}{advice[1..]}");
        return "";
    }

    private static ServiceEndpoint? Endpoint(Section section, Problems problems)
    {
        if (section.Text("Endpoint") is not string written)
            return null;
        ServiceEndpoint? endpoint = ServiceEndpoint.TryParse(written);
        if (endpoint is null)
            problems.Error(section.Find("Endpoint")!, written.Contains('@', StringComparison.Ordinal) ? NamesUser : $"is \"{written}\"; {FunctionRules.EndpointAdvice}");
        return endpoint;
    }

    private static string? Alias(Section section, Problems problems)
    {
        if (section.Text("AutoPublishAlias") is not string written)
            return null;
        if (!FunctionArn.IsAlias(written))
            problems.Error(section.Find("AutoPublishAlias")!, $"is \"{written}\"; use 1 to 128 letters, digits, '-' and '_', not digits alone.");
        return written;
    }

    private static ImmutableSortedDictionary<string, string> Variables(
        string function, Section section, FunctionHosting hosting, SharedEnvironment environment, Problems problems)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (section.Object("Environment") is not JsonValue.Object at)
            return variables.ToImmutable();
        JsonValue.Object? values = new Section(at, EnvironmentNames, problems).Object("Variables");
        foreach (JsonMember variable in values?.DistinctMembers(problems) ?? [])
        {
            if (environment.Take(function, hosting, variable) is string value)
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
}
