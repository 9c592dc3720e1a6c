using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace LambdaStreamRunner.Runner.Aws;

/// <summary>Makes signed HTTP messages of requests. The signature (version 4) is AWSSDK.Core's.</summary>
internal sealed class RequestSigner(AwsEndpoint endpoint, AWSCredentials credentials, TimeProvider time)
{
    private const string WholePath = "{Path+}";

    private readonly AWS4Signer _signer = new();
    private readonly ClientConfig _config = new SigningConfig(endpoint);

    /// <summary>The message, to be sent once, soon: a signature is good for some minutes.</summary>
    public async Task<HttpRequestMessage> SignAsync(AwsRequest request)
    {
        ImmutableCredentials keys = await credentials.GetCredentialsAsync();
        using var unsigned = new DefaultRequest(new NamelessRequest(), endpoint.Service)
        {
            HttpMethod = request.Method,
            Endpoint = endpoint.Address,
            ResourcePath = $"/{WholePath}",
            OverrideSigningServiceName = endpoint.Service,
            UseQueryString = true,
            Content = request.Body,
        };
        unsigned.AddPathResource(WholePath, request.Path.TrimStart('/'));
        foreach ((string name, string value) in request.Query)
            unsigned.Parameters.Add(name, value);
        foreach ((string name, string value) in request.Headers)
            unsigned.Headers[name] = value;
        if (keys.UseToken)
            unsigned.Headers["X-Amz-Security-Token"] = keys.Token;

        AWS4SigningResult signature = _signer.SignRequest(unsigned, _config, null, keys.AccessKey, keys.SecretKey, time.GetUtcNow().UtcDateTime);
        return ToMessage(unsigned, signature.ForAuthorizationHeader);
    }

    private static HttpRequestMessage ToMessage(DefaultRequest signed, string authorization)
    {
        var message = new HttpRequestMessage(new HttpMethod(signed.HttpMethod), AmazonServiceClient.ComposeUrl(signed))
        {
            Version = HttpVersion.Version20,                  // over TLS; without it HTTP/1.1 is spoken
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ByteArrayContent(signed.Content),
        };
        foreach ((string name, string value) in signed.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content.Headers.TryAddWithoutValidation(name, value);
        }
        message.Headers.TryAddWithoutValidation("Authorization", authorization);
        return message;
    }

    // What the signer must know of a service: where it is and what it is called.
    private sealed class SigningConfig : ClientConfig
    {
        private readonly string _service;

        public SigningConfig(AwsEndpoint endpoint)
            : base(new DefaultConfigurationProvider([new DefaultConfiguration { Name = DefaultConfigurationMode.Standard }]))
        {
            _service = endpoint.Service;
            AuthenticationRegion = endpoint.Region;
            AuthenticationServiceName = endpoint.Service;
            ServiceURL = endpoint.Address.ToString();
        }

        public override string ServiceVersion => "";

        public override string UserAgent => "LambdaStreamRunner";

        public override string RegionEndpointServiceName => _service;

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => new(ServiceURL);
    }

    private sealed class NamelessRequest : AmazonWebServiceRequest;
}
