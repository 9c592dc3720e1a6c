namespace LambdaStreamRunner.Host.Reports;

/// <summary>Numbers for JSON: no more digits than mean something, and null for what is no number.</summary>
internal static class Rounded
{
    public static double? ToTenth(double value) => To(value, 1);

    public static double? ToHundredth(double value) => To(value, 2);

    /// <summary>For shares from 0 to 1.</summary>
    public static double? ToShare(double value) => To(value, 4);

    /// <summary>For US dollars per million records.</summary>
    public static double? ToMicroDollar(double value) => To(value, 6);

    /// <summary>For shares that may be tiny and still are no zero.</summary>
    public static double? ToTinyShare(double value) => To(value, 7);

    private static double? To(double value, int digits) => double.IsFinite(value) ? Math.Round(value, digits) : null;
}
