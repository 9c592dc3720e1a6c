using LambdaStreamRunner.Runner.Configuration.Syntax;

namespace LambdaStreamRunner.Runner.Configuration.Sections;

/// <summary>Reads <c>Endpoints</c>: which services outside of this process may be contacted, and where they are.</summary>
internal static class EndpointsSection
{
    public static readonly SectionNames Names = new("Endpoints", ["sqs", "sns", "s3"], []);

    public static ServiceEndpoints Read(JsonValue.Object? at, Problems problems)
    {
        if (at is null)
            return new ServiceEndpoints();
        var section = new Section(at, Names, problems);
        return new ServiceEndpoints
        {
            Sqs = Endpoint(section, "sqs", problems),
            Sns = Endpoint(section, "sns", problems),
            S3 = Endpoint(section, "s3", problems),
        };
    }

    private static ServiceEndpoint? Endpoint(Section section, string name, Problems problems)
    {
        if (section.Text(name) is not string written)
            return null;
        ServiceEndpoint? endpoint = ServiceEndpoint.TryParse(written);
        if (endpoint is null)
            problems.Error(section.Find(name)!, $"is \"{written}\"; write \"aws\" for AWS itself, or the URL of a compatible server, as http://127.0.0.1:4566.");
        return endpoint;
    }
}
