using System.Collections.Immutable;
using System.Text.RegularExpressions;
using LambdaStreamRunner.StreamServer.Protocol;

namespace LambdaStreamRunner.StreamServer.Actions;

/// <summary>What tags may be, for both families of actions (Kinesis reference 2.4).</summary>
internal static partial class Tagging
{
    /// <summary>Most tags of a stream or consumer.</summary>
    public const int TagsMax = 50;

    private static readonly Member Key = new("TagKey", MemberType.String) { LengthMin = 1, LengthMax = 128 };
    private static readonly Member Value = new("TagValue", MemberType.String) { LengthMin = 0, LengthMax = 256 };

    /// <summary>Tags to add.</summary>
    public static Member Tags { get; } = new("Tags", MemberType.Map) { LengthMin = 1, LengthMax = 200, Key = Key, Element = Value };

    /// <summary>Keys of tags to remove.</summary>
    public static Member TagKeys { get; } = new("TagKeys", MemberType.List) { IsRequired = true, LengthMin = 1, LengthMax = 50, Element = Key };

    /// <summary>Tags of a request, with characters that AWS allows.</summary>
    /// <exception cref="KinesisException">A character is not allowed.</exception>
    public static ImmutableSortedDictionary<string, string> Of(Arguments request, string streamName, KinesisService service)
    {
        ImmutableSortedDictionary<string, string> tags = StreamSettings.NoTags;
        if (!request.Has("Tags"))
            return tags;
        foreach ((string key, string value) in request.Map("Tags"))
        {
            CheckCharacters(key);
            CheckCharacters(value);
            tags = tags.SetItem(key, value);
        }
        if (tags.Any(tag => tag.Key.Contains('%', StringComparison.Ordinal) || tag.Value.Contains('%', StringComparison.Ordinal)))
            throw NotAdded(
                streamName, service.Account,
                "some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.");
        return tags;
    }

    /// <summary>What AWS would not take about tags; null when it takes them.</summary>
    public static string? Complaint(ImmutableSortedDictionary<string, string> tags)
    {
        if (tags.Count > TagsMax)
            return $"has {tags.Count} tags; AWS takes {TagsMax}.";
        foreach ((string key, string value) in tags)
        {
            if (key.Length is 0 or > 128 || value.Length > 256)
                return $"has the tag '{key}'; AWS takes keys of 1 to 128 characters and values of 0 to 256.";
            if (!Allowed().IsMatch(key + value) || (key + value).Contains('%', StringComparison.Ordinal))
                return $"has the tag '{key}'; AWS takes letters, digits, white space and _ . / = + - @ in keys and values.";
        }
        return null;
    }

    /// <summary>Keys of a request.</summary>
    /// <exception cref="KinesisException">A character is not allowed.</exception>
    public static ImmutableArray<string> KeysOf(Arguments request)
    {
        ImmutableArray<string> keys = [.. request.Texts("TagKeys")];
        foreach (string key in keys)
            CheckCharacters(key);
        return keys;
    }

    /// <summary>What there is afterwards; new values replace old ones.</summary>
    /// <exception cref="KinesisException">There would be too many.</exception>
    public static ImmutableSortedDictionary<string, string> Add(
        ImmutableSortedDictionary<string, string> tags, ImmutableSortedDictionary<string, string> more, string streamName, KinesisService service)
    {
        ImmutableSortedDictionary<string, string> all = tags.SetItems(more);
        return all.Count <= TagsMax
            ? all
            : throw NotAdded(streamName, service.Account, $"a given stream cannot have more than {TagsMax} tags associated with it.");
    }

    private static void CheckCharacters(string text)
    {
        if (!Allowed().IsMatch(text))
            throw KinesisException.InvalidArgument(
                "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.");
    }

    private static KinesisException NotAdded(string streamName, string account, string reason) =>
        KinesisException.InvalidArgument($"Failed to add tags to stream {streamName} under account {account} because {reason}");

    [GeneratedRegex(@"\A[\p{L}\p{M}\p{Nd}\p{Zs}_./=+\-%@]*\z")]
    private static partial Regex Allowed();
}
