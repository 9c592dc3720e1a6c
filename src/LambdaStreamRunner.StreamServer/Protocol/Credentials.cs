using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LambdaStreamRunner.StreamServer.Protocol;

/// <summary>Looks whether a request is signed, in the header or in the query. What the signature says is not checked: any key is good.</summary>
internal static class Credentials
{
    private static readonly string[] HeaderParameters = ["Credential", "Signature", "SignedHeaders"];
    private static readonly string[] QueryParameters = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];

    /// <exception cref="KinesisException">Something is missing.</exception>
    public static void Check(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        bool inQuery = request.QueryString.HasValue && request.Query.ContainsKey("X-Amz-Algorithm");
        if (authorization.Length > 0 && inQuery)
            throw new KinesisException(
                "InvalidSignatureException", "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
        if (authorization.Length == 0 && !inQuery)
            throw new KinesisException("MissingAuthenticationTokenException", "Missing Authentication Token");

        string missing = inQuery ? MissingInQuery(request.Query) : MissingInHeader(authorization, request.Headers);
        if (missing.Length > 0)
            throw new KinesisException("IncompleteSignatureException", missing);
    }

    /// <summary>The cheap form of the check, for requests in the usual shape; false says only that <see cref="Check"/> must look.</summary>
    public static bool AreUsual(HttpRequest request)
    {
        StringValues authorization = request.Headers.Authorization;
        return authorization.Count == 1 && !request.QueryString.HasValue && request.Headers.ContainsKey("X-Amz-Date")
            && HasUsualParameters(authorization[0]!);
    }

    private static bool HasUsualParameters(string authorization) =>
        authorization.Contains(" Credential=", StringComparison.Ordinal)
        && authorization.Contains(", SignedHeaders=", StringComparison.Ordinal)
        && authorization.Contains(", Signature=", StringComparison.Ordinal)
        && !authorization.Contains("=,", StringComparison.Ordinal)
        && !authorization.EndsWith('=');

    private static string MissingInHeader(string authorization, IHeaderDictionary headers)
    {
        HashSet<string> present = [];
        foreach (string part in authorization.Split([',', ' ']).Skip(1))
        {
            string[] pair = part.Split('=', 2);
            if (pair is [var name, { Length: > 0 }])
                present.Add(name);
        }

        string text = string.Concat(HeaderParameters.Where(name => !present.Contains(name))
            .Select(name => $"Authorization header requires '{name}' parameter. "));
        if (!headers.ContainsKey("X-Amz-Date") && !headers.ContainsKey("Date"))
            text += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
        return text.Length == 0 ? "" : $"{text}Authorization={authorization}";
    }

    private static string MissingInQuery(IQueryCollection query)
    {
        string text = string.Concat(QueryParameters.Where(name => StringValues.IsNullOrEmpty(query[name]))
            .Select(name => $"AWS query-string parameters must include '{name}'. "));
        return text.Length == 0 ? "" : $"{text}Re-examine the query-string parameters.";
    }
}
