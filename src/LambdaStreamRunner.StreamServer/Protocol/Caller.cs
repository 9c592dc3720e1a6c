using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Region and account that a request is made in, as far as its credentials say.</summary>
/// <remarks>
/// They choose nothing: every stream is there for every caller. They only show, in the ARN of a stream that the caller
/// creates and in the texts of errors. The account is an access key id of 12 digits; the region stands in the credential
/// scope. What the credentials do not say is as configured.
/// </remarks>
/// <param name="Region">For example <c>us-east-1</c>.</param>
/// <param name="Account">12 digits.</param>
internal sealed partial record Caller(string Region, string Account)
{
    /// <summary>The caller of a request whose credentials are complete.</summary>
    public static Caller Of(HttpRequest request, Caller configured)
    {
        string credentials = request.Headers.Authorization.ToString();
        Match scope = Scope().Match(credentials.Length > 0 ? credentials : $"Credential={request.Query["X-Amz-Credential"]}");
        if (!scope.Success)
            return configured;

        Group account = scope.Groups["account"];
        var caller = new Caller(scope.Groups["region"].Value, account.Success ? account.Value : configured.Account);
        return caller == configured ? configured : caller;
    }

    /// <summary>The ARN of a stream of this caller.</summary>
    public string ArnOf(string streamName) => $"arn:{Partition}:kinesis:{Region}:{Account}:stream/{streamName}";

    private string Partition =>
        Region.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn" : Region.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov" : "aws";

    // AKID/20260101/us-east-1/kinesis/aws4_request
    [GeneratedRegex("Credential=(?:(?<account>[0-9]{12})|[^/,]*)/[0-9]{8}/(?<region>[a-z0-9-]{1,32})/", RegexOptions.ExplicitCapture)]
    private static partial Regex Scope();
}
