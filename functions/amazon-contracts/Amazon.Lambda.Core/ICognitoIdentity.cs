namespace Amazon.Lambda.Core;

/// <summary>The user of a mobile application.</summary>
public interface ICognitoIdentity
{
    string IdentityId { get; }

    string IdentityPoolId { get; }
}
