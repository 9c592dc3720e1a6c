using System.Globalization;
using System.Text;

namespace LambdaStreamRunner.Testing.Exploring;

/// <summary>Says what was broken, with the smallest example that was found.</summary>
internal static class FailureReport
{
    public static string Of(Shrunk shrunk, Trial found)
    {
        BrokenPromise broken = shrunk.Trial.Broken[0];
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{broken.Name} is broken: {broken.Message}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  promised: {broken.Sentence}");
        if (broken.Page is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"  see {broken.Page}");
        return text.ToString();
    }
}
